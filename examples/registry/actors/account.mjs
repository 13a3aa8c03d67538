import { setTimeout as sleep } from "node:timers/promises";

import { actor, UserError } from "rivetkit";

/** Refuses what it should refuse: a bad creation input, a withdrawal that it cannot pay. */
export const account = actor({
  createState: (_c, input) => {
    const owner = input?.owner;
    if (typeof owner !== "string" || owner === "") throw invalid("owner", "must be a non-empty string");
    const balance = input.balance ?? 0;
    if (typeof balance !== "number" || balance < 0) throw invalid("balance", "must be a number, 0 or more");
    return { owner, balance };
  },

  actions: {
    get: ({ state }) => state,

    deposit: (c, amount) => {
      if (!(amount > 0)) throw invalid("amount", "must be more than 0");
      c.state.balance += amount;
      return c.state.balance;
    },

    withdraw: (c, amount) => {
      const { balance } = c.state;
      if (amount > balance) {
        throw new UserError(`cannot withdraw ${amount}: the balance is ${balance}`, {
          code: "insufficient_funds",
          metadata: { balance, requested: amount },
        });
      }
      c.state.balance -= amount;
      return c.state.balance;
    },

    /** Fails as a bug would: with an error that is not meant for users. */
    crash: () => {
      throw new Error("the ledger page is missing");
    },

    /** Deposits 1, after a while. */
    slow: async (c, milliseconds) => {
      await sleep(milliseconds);
      c.state.balance += 1;
      return c.state.balance;
    },

    /** Pays out, and destroys the actor. */
    close: (c) => {
      c.destroy();
      return c.state.balance;
    },
  },
});

function invalid(field, problem) {
  return new UserError(`${field} ${problem}`, { code: "invalid_input", metadata: { field } });
}

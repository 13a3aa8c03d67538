import { actor, event } from "rivetkit";

/** A room with a topic, its members, and messages: the actor that the documentation talks about. */
export const chatRoom = actor({
  createState: (_c, input) => ({
    topic: input?.topic ?? "",
    members: [],
    messages: [],
  }),

  events: {
    memberAdded: event(),
    topicChanged: event(),
    messagePosted: event(),
  },

  actions: {
    getRoomInfo: ({ state }) => ({
      topic: state.topic,
      members: state.members,
      messageCount: state.messages.length,
    }),

    history: ({ state }) => state.messages,

    setTopic: (c, topic) => {
      c.state.topic = topic;
      c.broadcast("topicChanged", topic);
    },

    /** Members are a set: adding one twice is the same as adding it once. */
    addMember: (c, name) => {
      if (c.state.members.includes(name)) return false;
      c.state.members.push(name);
      c.broadcast("memberAdded", name);
      return true;
    },

    /** A message is known by its id: a repeated delivery changes nothing. */
    postMessage: (c, { id, text }) => {
      if (c.state.messages.some((message) => message.id === id)) return false;
      c.state.messages.push({ id, text });
      c.broadcast("messagePosted", { id, text });
      return true;
    },
  },
});

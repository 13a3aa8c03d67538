import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Returns the path of the binary for this machine, which is a package of its own. */
export function binary() {
  const name = `${require("./package.json").name}-${process.platform}-${process.arch}`;
  try {
    return require.resolve(`${name}/riveter${process.platform === "win32" ? ".exe" : ""}`);
  } catch {
    throw new Error(`${name} is not installed: either there is no riveter for this machine, or optional dependencies were left out`);
  }
}

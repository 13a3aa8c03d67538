// What the workflow asks of GitHub: node .github/github.mjs COMMAND ARG...
import { readFile } from "node:fs/promises";

const { GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN } = process.env;
const repository = `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}`;
const label = "riveter-drift";

async function api(method, url, body) {
  const response = await fetch(url, {
    method,
    headers: { Authorization: `Bearer ${GITHUB_TOKEN}`, Accept: "application/vnd.github+json" },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  return response;
}

// list returns what is on all pages.
async function list(url) {
  const all = [];
  while (url) {
    const page = await api("GET", url);
    all.push(...(await page.json()));
    url = /<([^>]+)>; rel="next"/.exec(page.headers.get("link"))?.[1];
  }
  return all;
}

// comments returns the workflow's own comments that begin with the marker. Whoever else writes one approves nothing.
async function comments(pullRequest, marker) {
  const all = await list(`${repository}/issues/${pullRequest}/comments?per_page=100`);
  return all.filter((c) => c.user.login === "github-actions[bot]" && c.body.startsWith(marker));
}

const openIssues = () => list(`${repository}/issues?state=open&labels=${label}`);

const commands = {
  // Writes the file as a comment, in place of the one with the same first line.
  async comment(pullRequest, file) {
    const body = await readFile(file, "utf8");
    const [own] = await comments(pullRequest, body.split("\n", 1)[0]);
    if (own) await api("PATCH", `${repository}/issues/comments/${own.id}`, { body });
    else await api("POST", `${repository}/issues/${pullRequest}/comments`, { body });
  },

  // Prints the transition that is in the comment of the pull request that became the commit.
  async approved(commit) {
    const [pull] = await list(`${repository}/commits/${commit}/pulls`);
    if (!pull) throw new Error(`No pull request became ${commit}, so nothing was approved.`);
    const body = (await comments(pull.number, "<!-- riveter plan of ")).at(-1)?.body ?? "";
    const found = [...body.matchAll(/^<p><sub>Transition <code>(sha256:[0-9a-f]*)<\/code>/gm)].at(-1);
    if (!found) throw new Error(`No plan is in a comment of pull request ${pull.number}, so nothing was approved.`);
    console.log(found[1]);
  },

  // Writes the file as the one open issue about drift.
  async "open-issue"(file) {
    const body = await readFile(file, "utf8");
    const [open] = await openIssues();
    if (open) await api("PATCH", `${repository}/issues/${open.number}`, { body });
    else await api("POST", `${repository}/issues`, { title: "Actors are not as they are declared", labels: [label], body });
  },

  // Closes it, if there is one.
  async "close-issue"() {
    for (const { number } of await openIssues()) await api("PATCH", `${repository}/issues/${number}`, { state: "closed" });
  },
};

const [command, ...args] = process.argv.slice(2);
try {
  await commands[command](...args);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

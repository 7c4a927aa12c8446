/** The arrows between rooms and folders: in each folder a forbidden import is planted, and the linter says so. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { temporaryFolder } from "../support/world.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Where, what is imported there, and a part of what the linter then says. */
const PLANTED: readonly (readonly [string, string, RegExp])[] = [
  ["margin/model", "../ports/deps.ts", /model < ports/],
  ["margin/model", "node:fs", /nothing of Node/],
  ["margin/ports", "../rules/undo.ts", /margin\/ports may import model\./],
  ["margin/input", "../risk/distance.ts", /margin\/input may import model, ports\./],
  ["margin/risk", "../input/parse.ts", /margin\/risk may import model, ports\./],
  ["margin/reads", "../rules/drift.ts", /margin\/reads may import model, ports, input, risk\./],
  ["margin/rules", "../reads/read-position.ts", /margin\/rules may import model, ports, input, risk\./],
  ["margin/sizing", "../lifecycle/send.ts", /< lifecycle < reports/],
  ["margin/reconciliation", "../sizing/presets.ts", /sizing, reconciliation < lifecycle/],
  ["margin/lifecycle", "../reports/verdict.ts", /lifecycle < reports/],
  ["margin/reports", "../../bitget/exchange.ts", /margin\/reports may import/],
  ["bitget", "../telegram/bot.ts", /bitget imports margin and itself/],
  ["bitget/http", "../classic/positions.ts", /http < classic < exchange\.ts/],
  ["bitget/classic", "../../audit/trail.ts", /bitget\/classic may import http and margin/],
  ["audit", "../telegram/bot.ts", /audit imports margin, store and itself/],
  ["store", "../margin/model/decimal.ts", /store imports nothing of ours/],
  ["http", "../audit/trail.ts", /http imports margin and itself/],
  ["telegram", "../bitget/exchange.ts", /telegram imports margin, store and itself/],
  ["telegram/words", "../messaging/messages.ts", /The words import margin alone/],
  ["telegram/messaging", "../cards/cards.ts", /telegram\/messaging may import words/],
  ["telegram/updates", "../margin-flow/dialogue.ts", /messaging < updates, cards < margin-flow/],
  ["telegram/cards", "../updates/access.ts", /telegram\/cards may import words, messaging/],
  ["telegram/margin-flow", "../views/history.ts", /margin-flow < views/],
  ["telegram/views", "../verdicts/outbox.ts", /views < verdicts/],
  ["telegram/verdicts", "../commands.ts", /verdicts < commands < bot/],
  ["paper", "../margin/model/decimal.ts", /nothing of ours/],
  ["paper/ledger", "../protocol/request.ts", /ledger < protocol/],
  ["paper/protocol", "../endpoints/accounts.ts", /protocol < faults, endpoints/],
  ["paper/faults", "../http/server.ts", /faults, endpoints < test-controls, http/],
  ["paper/endpoints", "../../margin/model/decimal.ts", /nothing of ours/],
  ["paper/test-controls", "../exchange.ts", /test-controls, http < exchange\.ts/],
  ["paper/http", "../../bitget/http/sign.ts", /nothing of ours/],
  ["playground", "../telegram/bot.ts", /nothing of ours/],
  ["playground/state", "../bot-api/methods.ts", /state < bot-api/],
  ["playground/bot-api", "../test-api/people.ts", /bot-api < test-api/],
  ["playground/test-api", "../server.ts", /test-api < server\.ts/],
];

const planted = ([folder]: (typeof PLANTED)[number], number: number) => `src/${folder}/planted-${number}.ts`;

/** What the linter says of each planted file, a line each, in a folder that holds these files and our rules. */
function lint(): readonly string[] {
  const folder = temporaryFolder();
  const { vcs: _, ...rules } = JSON.parse(readFileSync(`${ROOT}biome.json`, "utf8")) as Record<string, unknown>;
  writeFileSync(join(folder, "biome.json"), JSON.stringify({ ...rules, root: true }));
  for (const [number, one] of PLANTED.entries()) {
    const path = join(folder, planted(one, number));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `import { planted } from "${one[1]}";\n\nexport const used = planted;\n`);
  }
  const args = ["lint", "--reporter=github", "--max-diagnostics=none", "."];
  const { stdout, stderr } = spawnSync(`${ROOT}node_modules/.bin/biome`, args, { cwd: folder, encoding: "utf8" });
  return `${stdout}${stderr}`.split("\n").filter((line) => line.includes("noRestrictedImports"));
}

it("in each folder a planted import against the arrow is refused, and the message says which way it runs", () => {
  const said = lint();
  const missed = PLANTED.filter(
    (one, number) => !said.some((line) => line.includes(planted(one, number)) && one[2].test(line)),
  );
  expect(missed).toEqual([]);
});

it("every folder of a room has a planted import", () => {
  const ROOMS = ["margin", "bitget", "audit", "store", "http", "telegram", "paper", "playground"];
  const isFolder = (path: string) => readdirSync(`${ROOT}src/${path}`).some((name) => name.endsWith(".ts"));
  const inside = ROOMS.flatMap((room) =>
    readdirSync(`${ROOT}src/${room}`, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !["generated", "page"].includes(entry.name))
      .map((entry) => `${room}/${entry.name}`),
  );
  const tried = new Set(PLANTED.map(([folder]) => folder));
  expect([...ROOMS.filter(isFolder), ...inside].filter((folder) => !tried.has(folder))).toEqual([]);
});

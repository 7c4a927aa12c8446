/** Prints docs/typing.md from the corpus that the tests run: node scripts/typing-table.ts > docs/typing.md */
import { CORPUS, type Entry, type Group, POSITION } from "../test/margin/input/corpus.ts";

const WHERE: Readonly<Record<Group["where"], string>> = {
  amount: "Typed at the amount step.",
  line: "Typed behind `/margin`.",
  position: `Typed at the amount step of: ${POSITION.text}. The estimates are those of the test.`,
};

const LEGEND = `# What people type, and what is read

Printed from \`test/margin/input/corpus.ts\` by \`node scripts/typing-table.ts > docs/typing.md\`; a test compares the two.

A reading is written in the one way that always reads the same: \`+20\` adds, \`-20\` removes, \`20\` goes the way that was
chosen already (a line without a direction adds), \`25%\` is a part of the free balance when adding and of what can be
removed when removing, \`=500\` is a margin to reach, \`remove margin to 500\` one to reach by removing, \`to 500\` a margin or
a liquidation price as fits the position, \`liq 54000\` a liquidation price, \`15% away\` a distance, \`x2\` a multiple of
the margin. *a or b* is asked back with two buttons. Characters that cannot be seen are written as ⟨U+…⟩; a long text is
cut short here. A word behind a number is taken for a coin, and refused on a position whose margin is in another one.
No small word is passed over: each has a meaning, or the text is refused.
`;

const SHOWN_MAX = 60;

// Everything that would not be seen, or would turn the line around, is named; the rest of the text stands as typed.
function visible(text: string): string {
  const characters = [...text].slice(0, SHOWN_MAX).map((character) => {
    const isSeen = /^[\p{L}\p{N}\p{P}\p{S} ]$/u.test(character) && character.isWellFormed();
    return isSeen ? character : `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
  return characters.join("") + (text.length > SHOWN_MAX ? `… (${text.length} characters)` : "");
}

function code(text: string): string {
  return text === "" ? "(nothing)" : `\`${text.replaceAll("|", "\\|")}\``;
}

function row([typed, read]: Entry): string {
  const refused = /^refused: (.*)$/.exec(read)?.[1];
  const said = refused === undefined ? read.split(" or ").map(code).join(" or ") : `refused: ${refused}`;
  return `| ${code(visible(typed))} | ${said} |`;
}

function section({ title, where, entries }: Group): string {
  return [`## ${title}`, "", WHERE[where], "", "| typed | read |", "|---|---|", ...entries.map(row), ""].join("\n");
}

/** The whole page. */
export function typingPage(): string {
  return [LEGEND, ...CORPUS.map(section)].join("\n");
}

if (import.meta.main) process.stdout.write(typingPage());

/** The command line: picks a command of `cli/`, and says how it ended. */
import { auditExport, auditVerify } from "./cli/audit.ts";
import { backup } from "./cli/backup.ts";
import { start } from "./cli/start.ts";
import { EXIT, UsageError } from "./exit.ts";

const HELP = `usage: npm run -s cli -- COMMAND
  start
  audit verify [--anchor SEQ:HASH]...
  audit export [--user ID] [--since DATE] [--format csv|jsonl]
  backup FILE
`;

async function main([command, ...args]: readonly string[]): Promise<number> {
  try {
    if (command === "start" && args.length === 0) return await start();
    if (command === "audit" && args[0] === "verify") return auditVerify(args.slice(1));
    if (command === "backup" && args[0] !== undefined && args.length === 1) return await backup(args[0]);
    if (command === "audit" && args[0] === "export") return auditExport(args.slice(1));
    throw new UsageError("unknown command");
  } catch (error) {
    const isUsage = error instanceof UsageError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
    if (!isUsage) throw error;
    process.stderr.write(`${(error as Error).message}\n${HELP}`);
    return EXIT.usage;
  }
}

// Not left to the event loop: a bot that gave up at its start may have connections open still.
// What nobody caught is a bug. Its object may carry an address with a token in it: only its kind is shown.
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, (error: unknown) => {
    const kind = error instanceof Error ? error.name : typeof error;
    process.stderr.write(`the process broke: ${event} ${/^\w{1,64}$/.test(kind) ? kind : ""}\n`);
    process.exit(EXIT.failed);
  });
}

process.exit(await main(process.argv.slice(2)));

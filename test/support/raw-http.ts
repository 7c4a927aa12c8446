/** HTTP as bytes on a socket, for requests that no client would send, and a watch over what they do to this process. */
import { connect } from "node:net";
import { onTestFinished } from "vitest";

/** How a client leaves: it waits for the answer, says that it is done, or breaks the connection. */
export type Ending = "wait" | "finish" | "reset";

/** More than any answer that a test looks at, and longer than any takes. */
const ANSWER_BYTES_MAX = 1024 * 1024;
const SILENCE_MS_MAX = 5000;

/** All that comes back for these bytes, until the connection is over. */
export function speak(url: string, bytes: string, ending: Ending = "wait"): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect({ host: hostname.replace(/[[\]]/g, ""), port: Number(port) });
    // A client that was hung up on is what these tests are about: what it had read by then counts.
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
    socket.setTimeout(SILENCE_MS_MAX, () => socket.destroy());
    socket.on("data", (chunk: Buffer) => {
      answer += chunk.toString("latin1");
      if (answer.length > ANSWER_BYTES_MAX) socket.destroy();
    });
    socket.write(bytes, "latin1", () => {
      if (ending === "finish") socket.end();
      if (ending === "reset") socket.resetAndDestroy();
    });
  });
}

/** The answer to a request that asks for the connection to be closed after it. */
export function ask(url: string, line: string, headers = [`Host: ${new URL(url).host}`]): Promise<string> {
  return speak(url, [line, "Connection: close", ...headers, "", ""].join("\r\n"));
}

/** The status of such an answer; 0 where there was none. */
export async function statusOf(url: string, line: string, headers?: string[]): Promise<number> {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(await ask(url, line, headers))?.[1] ?? 0);
}

/** What would have ended the process, by its event and message, from now until the test is over. */
export function watchProcess(): readonly string[] {
  const faults: string[] = [];
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    const note = (error: unknown) => void faults.push(`${event}: ${error instanceof Error ? error.message : error}`);
    process.on(event, note);
    onTestFinished(() => void process.off(event, note));
  }
  return faults;
}

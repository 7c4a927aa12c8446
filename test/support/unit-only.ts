/** For the storey `unit`: whatever opens a socket, a process or a database fails, and is told where it belongs. */
import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import workers from "node:worker_threads";
import { vi } from "vitest";

function refuse(what: string): () => never {
  return () => {
    throw new Error(`a unit test opens no ${what}: name the file *.test.ts instead of *.unit.test.ts`);
  };
}

net.Server.prototype.listen = refuse("socket");
net.Socket.prototype.connect = refuse("socket");

Object.assign(childProcess, {
  spawn: refuse("process"),
  spawnSync: refuse("process"),
  fork: refuse("process"),
  exec: refuse("process"),
  execSync: refuse("process"),
  execFile: refuse("process"),
  execFileSync: refuse("process"),
});
Object.assign(workers, { Worker: refuse("thread") });
syncBuiltinESMExports();

vi.mock("better-sqlite3", () => ({
  // A function and no arrow, as it is called with `new`.
  default: function Database() {
    refuse("database")();
  },
}));

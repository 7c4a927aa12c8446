/**
 * The other side of every measurement, in a process of its own so that its work is not counted: a Bitget and a Telegram
 * that answer at once with fixed JSON and check nothing. Two origins, as in life: they share no connections.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const KEEP_ALIVE_MS = 120_000;

const POSITION = {
  symbol: "BTCUSDT",
  marginCoin: "USDT",
  holdSide: "long",
  marginMode: "isolated",
  posMode: "hedge_mode",
  marginSize: "612.5",
  available: "0.05",
  locked: "0",
  total: "0.05",
  leverage: "10",
  openPriceAvg: "98500",
  markPrice: "99120.4",
  liquidationPrice: "86640.1",
  unrealizedPL: "31.02",
  keepMarginRate: "0.004",
  marginRatio: "0.03",
  autoMargin: "off",
  cTime: "1763800000000",
  uTime: "1763800000000",
};
const CONTRACT = {
  symbol: "BTCUSDT",
  baseCoin: "BTC",
  quoteCoin: "USDT",
  supportMarginCoins: ["USDT"],
  pricePlace: "1",
  symbolStatus: "normal",
};

const TIERS = [
  { level: "1", startUnit: "0", endUnit: "150000", leverage: "125", keepMarginRate: "0.004" },
  { level: "2", startUnit: "150000", endUnit: "900000", leverage: "100", keepMarginRate: "0.005" },
];

function answerOf(data: unknown): string {
  return JSON.stringify({ code: "00000", msg: "success", requestTime: 1_763_800_000_000, data });
}

const answers = new Map<string, string>(
  Object.entries({
    "/api/v2/public/time": { serverTime: "1763800000000" },
    "/api/v2/mix/market/contracts": [CONTRACT],
    "/api/v2/mix/market/query-position-lever": TIERS,
    "/api/v2/mix/account/account": { available: "1500", isolatedMaxAvailable: "1500", marginCoin: "USDT" },
    "/api/v2/mix/account/set-margin": "",
  }).map(([path, data]) => [path, answerOf(data)]),
);

/** What each call adds, whatever it asks for: a bench that wants a verdict with its figures asks for this much. */
const ADDED = 0.5;
let margin = Number(POSITION.marginSize);

function showPosition(): void {
  const text = answerOf([{ ...POSITION, marginSize: String(margin) }]);
  for (const name of ["all-position", "single-position"]) answers.set(`/api/v2/mix/position/${name}`, text);
}

showPosition();

const CHAT = { id: 501, type: "private", first_name: "Ann" };
const BOT = { id: 7_000_000_001, is_bot: true, first_name: "Margin bot", username: "margin_bench_bot" };
const message = JSON.stringify({
  ok: true,
  result: { message_id: 42, date: 1_763_800_000, chat: CHAT, from: BOT, text: "…" },
});
/** What only a card has: the button that confirms it. */
const CONFIRM = '"callback_data":"m1:c:';
/** What only a verdict of an accepted call has. */
const VERDICT = '"text":"Done';
const done = JSON.stringify({ ok: true, result: true });

function json(response: ServerResponse, text: string): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}

function report(kind: "posted" | "card" | "verdict", body = ""): void {
  process.send?.({ kind, receivedAt: String(process.hrtime.bigint()), body });
}

function bitget(request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? "").split("?", 1)[0] ?? "";
  request.resume().once("end", () => {
    // The moment that counts, before the answer: the clock is the machine's monotonic one, the same in all processes.
    if (request.method === "POST") {
      report("posted");
      margin += ADDED;
      showPosition();
    }
    json(response, answers.get(path) ?? `{"code":"40404","msg":"no such path","data":null}`);
  });
}

function telegram(request: IncomingMessage, response: ServerResponse): void {
  let body = "";
  request.setEncoding("utf8").on("data", (part: string) => {
    body += part;
  });
  request.once("end", () => {
    if (body.includes(CONFIRM)) report("card", body);
    if (body.includes(VERDICT)) report("verdict");
    json(response, /\/(?:sendMessage|editMessageText)$/.test(request.url ?? "") ? message : done);
  });
}

async function listen(server: Server): Promise<string> {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

process.once("disconnect", () => process.exit(0));
process.send?.({ bitget: await listen(createServer(bitget)), telegram: await listen(createServer(telegram)) });

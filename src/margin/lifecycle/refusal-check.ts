/**
 * Whether a refusal of the exchange's is the whole truth. Something on the way may have delivered the request twice: the
 * first was applied, and the answer is a refusal of the second. So "nothing was changed" is said where the position was
 * seen unmoved afterwards; everything else is not known, and settled by evidence.
 */
import { compare } from "../model/decimal.ts";
import type { PositionKey } from "../model/position.ts";
import type { DoubtfulRefusal } from "../model/rejection.ts";
import type { PositionSnapshot } from "../model/snapshot.ts";
import type { Deps } from "../ports/deps.ts";
import type { Answer } from "../ports/exchange.ts";

/** A look a moment after the answer, and one two seconds later: by then a twin that was still being carried out shows. */
const LOOKS_MIN = 2;
/** One more where these did not show the position: an answer that fails or is empty for once proves nothing. */
const LOOKS_MAX = 3;
const PAUSE_MS = 2000;

/** What a look after a refusal says of the position, beside the look before sending. */
type Witness = "unmoved" | DoubtfulRefusal["position"];

async function witness({ exchange }: Deps, key: PositionKey, before: PositionSnapshot): Promise<Witness> {
  const reading = await exchange.position(key);
  if (!reading.ok) return "unread";
  const { value } = reading;
  if (value === undefined) return "gone";
  const isSame =
    value.marginMode === before.marginMode &&
    compare(value.margin, before.margin) === 0 &&
    compare(value.total, before.total) === 0;
  return isSame ? "unmoved" : "differs";
}

/** What the looks say together: a position that differs once is enough, and the last one decides otherwise. */
async function witnesses(deps: Deps, key: PositionKey, before: PositionSnapshot): Promise<Witness> {
  let seen = await witness(deps, key, before);
  for (let looks = 1; looks < LOOKS_MAX && seen !== "differs"; looks++) {
    if (seen === "unmoved" && looks >= LOOKS_MIN) break;
    await deps.pause(PAUSE_MS);
    seen = await witness(deps, key, before);
  }
  return seen;
}

/**
 * The answer as far as it can be believed: a refusal stays one where nothing of the request left, where the position was
 * seen unmoved, or where it cannot be read and the refusal came before anything could be carried out. `before` is the look
 * before sending.
 */
export async function checkRefusal(
  deps: Deps,
  answer: Answer,
  key: PositionKey,
  before: PositionSnapshot,
): Promise<Answer> {
  if (answer.kind !== "rejected" || answer.stage === "not_sent") return answer;
  const position = await witnesses(deps, key, before);
  if (position === "unmoved" || (position === "unread" && answer.stage === "door")) return answer;
  return { kind: "unknown", refused: { why: answer.why, position }, exchanged: answer.exchanged };
}

/**
 * Whether a refusal of the exchange's is the whole truth. Something on the way may have delivered the request twice: the
 * first was applied, and the answer is a refusal of the second. So "nothing was changed" is said where the position was
 * seen unmoved afterwards; everything else is not known, and settled by evidence.
 */
import { compare } from "../model/decimal.ts";
import type { PositionKey } from "../model/position.ts";
import type { PositionSnapshot } from "../model/snapshot.ts";
import type { Deps } from "../ports/deps.ts";
import type { Answer } from "../ports/exchange.ts";

/** The second look comes this long after the first, in ms: by then a twin that was still being carried out shows. */
const SECOND_LOOK_MS = 2000;

/** What a look after a refusal says of the position. */
type Witness = "unmoved" | "moved" | "unread";

async function witness({ exchange }: Deps, key: PositionKey, before: PositionSnapshot): Promise<Witness> {
  const reading = await exchange.position(key);
  if (!reading.ok) return "unread";
  const { value } = reading;
  const isSame =
    value !== undefined &&
    value.marginMode === before.marginMode &&
    compare(value.margin, before.margin) === 0 &&
    compare(value.total, before.total) === 0;
  return isSame ? "unmoved" : "moved";
}

/** Two looks, a moment after the answer and two seconds later; one that does not show the position unmoved ends it. */
async function witnesses(deps: Deps, key: PositionKey, before: PositionSnapshot): Promise<Witness> {
  const first = await witness(deps, key, before);
  if (first !== "unmoved") return first;
  await deps.pause(SECOND_LOOK_MS);
  return witness(deps, key, before);
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
  const seen = await witnesses(deps, key, before);
  if (seen === "unmoved" || (seen === "unread" && answer.stage === "door")) return answer;
  return { kind: "unknown", refused: { why: answer.why, position: seen }, exchanged: answer.exchanged };
}

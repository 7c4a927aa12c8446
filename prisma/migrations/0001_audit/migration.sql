-- The audit table and its guards. The database is the referee: one winner a step, legal steps only, one open send per
-- account, symbol and margin coin, and no row is ever changed.

CREATE TABLE "audit_event" (
  "seq" INTEGER NOT NULL PRIMARY KEY,
  "version" INTEGER NOT NULL,
  "at" INTEGER NOT NULL,
  "adjustment" TEXT NOT NULL,
  "step" TEXT NOT NULL,
  "step_number" INTEGER NOT NULL,
  "actor" TEXT NOT NULL,
  "actor_name" TEXT NOT NULL,
  "chat" TEXT NOT NULL,
  "topic" TEXT NOT NULL,
  "message" TEXT NOT NULL,
  "account" TEXT NOT NULL,
  "product_type" TEXT NOT NULL,
  "symbol" TEXT NOT NULL,
  "margin_coin" TEXT NOT NULL,
  "hold_side" TEXT NOT NULL,
  "direction" TEXT NOT NULL,
  "amount" TEXT NOT NULL,
  "code" TEXT NOT NULL,
  "detail" TEXT NOT NULL,
  "prev_hash" TEXT NOT NULL,
  "hash" TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX "audit_event_prev_hash_key" ON "audit_event" ("prev_hash");
CREATE UNIQUE INDEX "audit_event_step_key" ON "audit_event" ("adjustment", "step_number") WHERE "adjustment" <> '';
CREATE INDEX "audit_event_actor" ON "audit_event" ("actor", "seq");
CREATE INDEX "audit_event_standalone" ON "audit_event" ("step", "seq") WHERE "adjustment" = '';

-- from_step '' begins an adjustment; 'none' is a row that belongs to no adjustment.
CREATE TABLE "audit_transition" (
  "from_step" TEXT NOT NULL,
  "to_step" TEXT NOT NULL,
  PRIMARY KEY ("from_step", "to_step")
) STRICT;

INSERT INTO "audit_transition" ("from_step", "to_step") VALUES
  ('', 'proposed'), ('', 'refused'),
  ('proposed', 'approved'), ('proposed', 'confirmed'), ('proposed', 'cancelled'), ('proposed', 'expired'), ('proposed', 'refused'),
  ('approved', 'approved'), ('approved', 'confirmed'), ('approved', 'cancelled'), ('approved', 'expired'), ('approved', 'refused'),
  ('confirmed', 'sending'), ('confirmed', 'refused'),
  ('sending', 'accepted'), ('sending', 'rejected'), ('sending', 'unknown'),
  ('unknown', 'applied'), ('unknown', 'not_applied'),
  ('none', 'role'), ('none', 'frozen'), ('none', 'unfrozen'), ('none', 'restored'), ('none', 'note');

CREATE TABLE "adjustment_head" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "step" TEXT NOT NULL,
  "step_number" INTEGER NOT NULL,
  "seq" INTEGER NOT NULL,
  "first_seq" INTEGER NOT NULL,
  "asked_by" TEXT NOT NULL,
  "account" TEXT NOT NULL,
  "product_type" TEXT NOT NULL,
  "symbol" TEXT NOT NULL,
  "margin_coin" TEXT NOT NULL,
  "hold_side" TEXT NOT NULL,
  "direction" TEXT NOT NULL,
  "amount" TEXT NOT NULL
) STRICT;

CREATE INDEX "adjustment_head_step" ON "adjustment_head" ("step");
CREATE INDEX "adjustment_head_asked_by" ON "adjustment_head" ("asked_by", "first_seq");
CREATE UNIQUE INDEX "adjustment_head_open" ON "adjustment_head" ("account", "symbol", "margin_coin")
  WHERE "step" IN ('sending', 'unknown');

CREATE TRIGGER "audit_event_no_update" BEFORE UPDATE ON "audit_event"
BEGIN SELECT RAISE(ABORT, 'audit_event: rows are never changed'); END;

CREATE TRIGGER "audit_event_no_delete" BEFORE DELETE ON "audit_event"
BEGIN SELECT RAISE(ABORT, 'audit_event: rows are never deleted'); END;

-- Also stops INSERT OR REPLACE, which fires no UPDATE and no DELETE trigger: the next row is always a new one.
CREATE TRIGGER "audit_event_chain" BEFORE INSERT ON "audit_event"
WHEN NEW."seq" IS NOT (SELECT coalesce(max("seq"), 0) + 1 FROM "audit_event")
  OR NEW."prev_hash" IS NOT coalesce(
    (SELECT "hash" FROM "audit_event" ORDER BY "seq" DESC LIMIT 1),
    '0000000000000000000000000000000000000000000000000000000000000000')
BEGIN SELECT RAISE(ABORT, 'audit_event: not the next link of the chain'); END;

CREATE TRIGGER "audit_event_first_step" BEFORE INSERT ON "audit_event"
WHEN NOT EXISTS (SELECT 1 FROM "adjustment_head" WHERE "id" = NEW."adjustment")
  AND (NEW."step_number" IS NOT (NEW."adjustment" <> '')
    OR NOT EXISTS (
      SELECT 1 FROM "audit_transition"
      WHERE "from_step" = CASE NEW."adjustment" WHEN '' THEN 'none' ELSE '' END AND "to_step" = NEW."step"))
BEGIN SELECT RAISE(ABORT, 'audit_event: not a first step'); END;

-- The terms are repeated in every row of an adjustment and can never differ: what was shown is what is sent.
CREATE TRIGGER "audit_event_next_step" BEFORE INSERT ON "audit_event"
WHEN EXISTS (SELECT 1 FROM "adjustment_head" WHERE "id" = NEW."adjustment")
  AND NOT EXISTS (
    SELECT 1 FROM "adjustment_head" h
    JOIN "audit_transition" t ON t."from_step" = h."step" AND t."to_step" = NEW."step"
    WHERE h."id" = NEW."adjustment" AND NEW."step_number" = h."step_number" + 1
      AND h."account" = NEW."account" AND h."product_type" = NEW."product_type" AND h."symbol" = NEW."symbol"
      AND h."margin_coin" = NEW."margin_coin" AND h."hold_side" = NEW."hold_side"
      AND h."direction" = NEW."direction" AND h."amount" = NEW."amount")
BEGIN SELECT RAISE(ABORT, 'audit_event: not a legal next step'); END;

-- Bitget's bills name no side and no client id: with two sends open on one symbol and coin, no bill could be matched.
CREATE TRIGGER "audit_event_one_open_send" BEFORE INSERT ON "audit_event"
WHEN NEW."step" = 'sending' AND EXISTS (
  SELECT 1 FROM "adjustment_head"
  WHERE "account" = NEW."account" AND "symbol" = NEW."symbol" AND "margin_coin" = NEW."margin_coin"
    AND "step" IN ('sending', 'unknown'))
BEGIN SELECT RAISE(ABORT, 'audit_event: another send is open on this symbol'); END;

CREATE TRIGGER "audit_event_head" AFTER INSERT ON "audit_event" WHEN NEW."adjustment" <> ''
BEGIN
  INSERT INTO "adjustment_head" (
    "id", "step", "step_number", "seq", "first_seq", "asked_by", "account", "product_type", "symbol", "margin_coin",
    "hold_side", "direction", "amount")
  VALUES (
    NEW."adjustment", NEW."step", NEW."step_number", NEW."seq", NEW."seq", NEW."actor", NEW."account",
    NEW."product_type", NEW."symbol", NEW."margin_coin", NEW."hold_side", NEW."direction", NEW."amount")
  ON CONFLICT ("id") DO UPDATE SET
    "step" = excluded."step", "step_number" = excluded."step_number", "seq" = excluded."seq";
END;

CREATE TABLE "card" (
  "adjustment" TEXT NOT NULL PRIMARY KEY,
  "chat" TEXT NOT NULL,
  "topic" TEXT NOT NULL,
  "message" TEXT NOT NULL
) STRICT;

CREATE TABLE "conversation_state" (
  "key" TEXT NOT NULL PRIMARY KEY,
  "value" TEXT NOT NULL,
  "updated_at" INTEGER NOT NULL
) STRICT;

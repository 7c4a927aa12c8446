-- What a person or a position comes to is found by an index, however much there is of it. Each holds an adjustment once,
-- from its end on: the steps before that cost nothing more to write.

-- What moved the margin of a position, newest first.
CREATE INDEX "adjustment_head_done" ON "adjustment_head" ("account", "symbol", "margin_coin", "hold_side", "first_seq")
  WHERE "step" IN ('accepted', 'applied');

-- What a person asked for, by how it ended. The account is in the index, so that skipping those of another reads no table.
CREATE INDEX "adjustment_head_asked_done" ON "adjustment_head" ("asked_by", "first_seq", "account")
  WHERE "step" IN ('accepted', 'applied');
CREATE INDEX "adjustment_head_asked_not_done" ON "adjustment_head" ("asked_by", "first_seq", "account")
  WHERE "step" IN ('cancelled', 'expired', 'not_applied', 'refused', 'rejected');

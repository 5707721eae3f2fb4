"""Revision 0001: the ledger's rules as PostgreSQL triggers. An INSERT into transfers is the whole movement of money.

Errors begin with `ledger:`. Applied AFTER INSERT: a row that ON CONFLICT skips moves nothing, and of two equal keys the
second waits at the index. A balance moves only from inside another trigger (pg_trigger_depth).
Frozen: a released revision never changes.
"""

APPLY = """
CREATE FUNCTION ledger_apply() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held bigint;
BEGIN
  IF new.kind = 'hold' THEN
    UPDATE accounts SET debits_pending = debits_pending + new.amount, last_seq = new.seq WHERE id = new.debit;
  ELSIF new.kind IN ('capture','release') THEN
    SELECT h.amount INTO held FROM transfers h WHERE h.id = new.pending_id AND h.kind = 'hold'
      AND h.debit = new.debit AND h.credit = new.credit AND h.job_id = new.job_id AND new.amount <= h.amount;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'ledger: no such hold, or more than it holds' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE accounts SET debits_pending = debits_pending - held, debits_posted = debits_posted + new.amount,
      last_seq = new.seq WHERE id = new.debit;
  ELSIF new.kind = 'debit' THEN
    UPDATE accounts SET debits_posted = debits_posted + new.amount, last_seq = new.seq WHERE id = new.debit;
  ELSE
    IF new.kind = 'refund' AND NOT EXISTS (SELECT 1 FROM transfers c WHERE c.id = new.reverses_id
      AND c.kind = 'capture' AND c.debit = new.credit AND c.credit = new.debit AND c.job_id = new.job_id
      AND new.amount = c.amount) THEN
      RAISE EXCEPTION 'ledger: no such capture, or not its amount' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE accounts SET credits_posted = credits_posted + new.amount, last_seq = new.seq WHERE id = new.credit;
  END IF;
  RETURN NULL;
END $$
"""

REFUSE = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger: %', tg_argv[0] USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

GUARD = """
CREATE FUNCTION ledger_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF tg_op = 'INSERT' THEN
    IF new.credits_posted <> 0 OR new.debits_posted <> 0 OR new.debits_pending <> 0 OR new.last_seq <> 0 THEN
      RAISE EXCEPTION 'ledger: an account begins empty, once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  ELSIF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'ledger: an account changes by transfers only' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN new;
END $$
"""

CREATE = (
    APPLY,
    REFUSE,
    GUARD,
    "CREATE TRIGGER ledger_apply AFTER INSERT ON transfers FOR EACH ROW EXECUTE FUNCTION ledger_apply()",
    "CREATE TRIGGER transfers_no_update BEFORE UPDATE ON transfers"
    " FOR EACH ROW EXECUTE FUNCTION ledger_refuse('transfers never change')",
    "CREATE TRIGGER transfers_no_delete BEFORE DELETE ON transfers"
    " FOR EACH ROW EXECUTE FUNCTION ledger_refuse('transfers are never deleted')",
    "CREATE TRIGGER transfers_no_truncate BEFORE TRUNCATE ON transfers"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('transfers are never deleted')",
    "CREATE TRIGGER accounts_guard BEFORE INSERT OR UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION ledger_guard()",
    "CREATE TRIGGER accounts_no_delete BEFORE DELETE ON accounts"
    " FOR EACH ROW EXECUTE FUNCTION ledger_refuse('accounts are never deleted')",
    "CREATE TRIGGER accounts_no_truncate BEFORE TRUNCATE ON accounts"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('accounts are never deleted')",
    # Every movement updates its account: room in the page keeps those updates off the indexes.
    "ALTER TABLE accounts SET (fillfactor = 70)",
)

DROP = (
    "DROP TRIGGER ledger_apply ON transfers",
    "DROP TRIGGER transfers_no_update ON transfers",
    "DROP TRIGGER transfers_no_delete ON transfers",
    "DROP TRIGGER transfers_no_truncate ON transfers",
    "DROP TRIGGER accounts_guard ON accounts",
    "DROP TRIGGER accounts_no_delete ON accounts",
    "DROP TRIGGER accounts_no_truncate ON accounts",
    "DROP FUNCTION ledger_apply()",
    "DROP FUNCTION ledger_refuse()",
    "DROP FUNCTION ledger_guard()",
)

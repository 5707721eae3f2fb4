"""Orders from the command to the result: their services, their failures, their messages."""

from typing import Final

from tests.crash.points.steps import ANY, ANY2, ANY3, LOST, LOST2, LOST3, MADE, MADE2, MADE3, Table

ORDERS: Final[Table] = {
    "video": (
        ("tx:Worker.start", MADE3),
        ("tx:Worker._beat", MADE3),
        ("tx:sweep_up", MADE3),
        ("tx:Audit._new", MADE3),
        ("tx:_tonight", MADE3),
        ("tx:note_proof", MADE3),
        ("tx:claim_jobs", MADE3),
        ("tx:claim", MADE3),
        ("call:deleteWebhook", MADE2),
        ("call:setMyCommands", MADE2),
        ("call:getMyDescription", MADE2),
        ("call:setMyDescription", MADE2),
        ("call:getMyShortDescription", MADE2),
        ("call:setMyShortDescription", MADE2),
        ("call:getChatMenuButton", MADE2),
        # the command
        ("call:getUpdates", MADE2),
        ("tx:put_all", (MADE,)),  # T0
        ("tx:put_all[some]", ("", MADE, MADE)),
        ("tx:meet", MADE3),
        ("call:sendMessage[welcome]", MADE2),
        ("tx:open_draft", MADE3),
        ("tx:price_draft", MADE3),
        ("call:sendMessage[card]", MADE2),
        ("tx:note_shown", MADE3),
        ("tx:mark_all", MADE3),
        # the confirmation
        ("call:getUpdates", MADE2, 2),
        ("tx:put_all", (MADE,), 2),
        ("tx:put_all[some]", ("", MADE, MADE), 2),
        ("tx:place_order", MADE3),  # T1
        ("call:answerCallbackQuery", ANY2),
        ("tx:mark_all", ANY3, 2),
        # the generation
        ("tx:claim_jobs[some]", ("", MADE, MADE)),
        ("tx:intend", (MADE, MADE, LOST)),  # T2
        ("event:submit", (LOST,)),
        ("event:Accepted", LOST2),
        ("tx:accept", LOST3),  # T3
        ("event:Running", LOST2),
        ("call:editMessageText[progress]", ANY2),
        ("event:Succeeded", (LOST,)),
        ("tx:keep_result", (LOST, LOST, MADE)),  # T4
        # the delivery
        ("call:editMessageMedia", MADE2),
        ("tx:JobRunner._deliver", MADE3),
        ("tx:finish", MADE3),  # T5
        ("tx:JobRunner._last_word", MADE3),
        ("call:sendMessage[ready]", MADE2),
        ("tx:close_notice", MADE3),  # T6
        # the graceful stop
        ("tx:Inbox.hand_back", MADE3),
        ("tx:Worker.stop", MADE3),
    ),
    # the menu is seen by one person: the job is placed, then its message is sent, then workers may begin
    "in a group": (
        ("tx:note_standing", MADE3),
        ("tx:place_order", MADE3),  # T1
        ("call:sendMessage[other]", MADE2),
        ("tx:note_opened", (MADE, MADE, ANY)),
        ("call:deleteEphemeralMessage", ANY2),
        ("tx:OrderDrafts.closed", ANY3),
        ("tx:finish", MADE3),  # T5
    ),
    "failing": (
        ("event:GenerationFailed", (LOST,)),
        ("tx:fail_upstream", LOST3),
        ("call:editMessageText[not charged]", LOST2),
        ("tx:close_notice", LOST3),
    ),
    "undelivered": (("tx:end_undelivered", LOST3),),
    # the provider does not take it: three intents, each with its own call
    "turned away": (
        ("event:NotTaken", (LOST,)),
        ("tx:turn_away", LOST3),
        ("tx:intend", LOST3, 2),
        ("tx:fail_upstream", LOST3),
    ),
    # made, and its file is not there yet
    "late file": (
        ("tx:JobRunner._await_file", MADE3),
        ("tx:fetch_results.bring", MADE3),
        ("call:editMessageMedia", MADE2),
        ("tx:finish", MADE3),
    ),
    "bad key": (
        ("event:BadKey", (LOST,)),
        ("tx:Cooldowns.acquire", LOST3),
        ("call:sendMessage[alert]", LOST2),
        ("event:ping", LOST2),
        ("tx:Health.try_again", LOST3),
    ),
    "our fault": (("tx:give_up", LOST3),),
    "put off": (("tx:JobRunner._later", MADE3),),
    "last word put off": (("tx:put_off", LOST3),),
    "cancelled": (
        ("tx:Cooldowns.acquire", LOST3),
        ("call:sendMessage[question]", LOST2),
        ("tx:cancel_job", LOST3),
        ("call:editMessageText[not charged]", LOST2),
        ("call:editMessageText[not charged]", LOST2, 2),
        ("tx:close_notice", LOST3),
    ),
    "interrupted": (
        ("tx:Worker.start", LOST3),
        ("tx:Worker._beat", LOST3),
        ("tx:claim_jobs[some]", ("", LOST, LOST)),
        ("tx:fail", LOST3),
        ("call:editMessageText[not charged]", LOST2),
        ("tx:close_notice", LOST3),
    ),
    "delivered twice": (
        ("call:editMessageMedia", MADE2),
        ("tx:JobRunner._deliver", MADE3),
        ("tx:finish", MADE3),
        ("tx:close_notice", MADE3),
    ),
    # submitted and polled: from T3 on the reference is known
    "polled": (
        ("tx:intend", (MADE, MADE, LOST)),  # T2
        ("event:submit", (LOST,)),
        ("event:Accepted", (LOST, MADE)),
        ("tx:accept", (LOST, LOST, MADE)),  # T3
        ("event:Running", MADE2),
        ("event:Succeeded", (MADE,)),
        ("tx:keep_result", MADE3),  # T4
    ),
    "polled on": (
        ("event:submit", (MADE,)),
        ("event:Succeeded", (MADE,)),
        ("tx:keep_result", MADE3),
        ("tx:finish", MADE3),
    ),
    # several results: the album is sent first, and noted, then the job's message is written
    "album": (
        ("tx:accept", (LOST, LOST, MADE)),  # T3
        ("tx:keep_result", MADE3),  # T4
        ("call:sendMediaGroup", MADE2),
        ("tx:keep_delivered", MADE3),
        ("call:editMessageText[album]", MADE2),
        ("tx:JobRunner._deliver", MADE3),
        ("tx:finish", MADE3),  # T5
    ),
    # the same, and while the process is dead the person blocks the bot: what stands and was noted is charged
    "album, then blocked": (
        ("tx:keep_delivered", ("", "", MADE)),
        ("call:editMessageText[album]", (MADE, "")),
    ),
    # one blocking call, whose result is looked up: lost is only what was never sent
    "looked up": (
        ("tx:intend", (MADE, MADE, LOST)),  # T2
        ("event:submit", (LOST,)),
        ("event:Running", (LOST,)),
        ("event:Succeeded", (MADE,)),
        ("tx:keep_result", MADE3),  # T4
    ),
    "looked up again": (
        ("event:look_up", (MADE,)),
        ("event:found", (MADE,)),
        ("tx:keep_result", MADE3),
        ("tx:finish", MADE3),
    ),
    "broken off": (
        ("event:ConnectionLost", (MADE,)),
        ("event:look_up", (MADE,)),
        ("event:found", (MADE,)),
        ("tx:keep_result", MADE3),
    ),
    # in a message of which only the name is known: called as a guest, the result goes by way of the staging chat
    "guest": (
        ("call:sendChatAction", MADE2),
        ("call:getMe", MADE2),
        ("tx:keep_card", MADE3),
        ("call:answerGuestQuery", MADE2),
        ("tx:bind", MADE3),
        ("tx:find_card", MADE3),
        ("tx:place_order", MADE3),  # T1
        ("tx:intend", (MADE, MADE, LOST)),  # T2
        ("event:submit", (LOST,)),
        ("tx:keep_result", (LOST, LOST, MADE)),  # T4
        ("call:sendVideo", MADE2),
        ("tx:keep_delivered", MADE3),
        ("call:editMessageMedia", MADE2),
        ("tx:JobRunner._deliver", MADE3),
        ("tx:finish", MADE3),  # T5
        ("tx:close_notice", MADE3),
    ),
}

"""Credits that operators move, orders that wait for them, and answers, whose words are paid by use."""

from typing import Final

from tests.crash.points.steps import ANY2, ANY3, LOST, LOST2, LOST3, MADE, MADE2, MADE3, Table

CREDITS_AND_ANSWERS: Final[Table] = {
    # an operator's hand: announced, moved once, reported
    "topped up": (
        ("call:sendMessage[announced]", MADE2),
        ("tx:keep_question", MADE3),
        ("tx:move_credits", MADE3),
        ("call:sendMessage[given]", MADE2),
        ("call:editMessageText[moved]", MADE2),
        ("tx:end_question", MADE3),
    ),
    # an order beyond the balance comes back once it can be paid: below everything, in place of the card above
    "paid later": (
        ("tx:price_draft", MADE3),
        ("tx:move_credits", MADE3),
        ("tx:WaitingOrders.claim", (MADE,)),
        ("tx:WaitingOrders.claim[some]", ("", MADE, MADE)),
        ("tx:WaitingOrders.reopen", MADE3),
        ("tx:price_draft", MADE3, 2),
        ("call:sendMessage[card]", MADE2),
        ("tx:note_shown", MADE3, 2),
        ("call:deleteMessage", MADE2),
        ("tx:place_order", MADE3),  # T1
    ),
    "debited": (
        ("tx:keep_question", MADE3),
        ("tx:note_question", MADE3),
        ("call:editMessageText[announced]", MADE2),
        ("tx:move_credits", MADE3),
        ("call:editMessageText[moved]", MADE2),
        ("tx:end_question", MADE3),
    ),
    "refunded": (
        ("tx:keep_question", MADE3),
        ("call:editMessageText[announced]", MADE2),
        ("tx:refund_job", MADE3),
        ("call:editMessageText[moved]", MADE2),
        ("tx:end_question", MADE3),
    ),
    # a stream of words, which nobody can be asked about
    "streamed": (
        ("tx:place_ask", MADE3),  # T1
        ("call:sendMessage[other]", ANY2),
        ("call:sendMessageDraft", ANY2),
        ("tx:JobRunner._open", MADE3),
        ("tx:intend", (MADE, MADE, LOST)),  # T2
        ("event:submit", (LOST,)),
        ("event:Accepted", LOST2),
        ("tx:accept", LOST3),  # T3
        ("event:Partial", LOST2),
        ("event:Succeeded", (LOST,)),
        ("tx:keep_result", (LOST, LOST, MADE)),  # T4
        ("tx:finish", MADE3),
        ("tx:close_notice", MADE3),
    ),
    # a second question waits for the end of the first one's answer, and both are asked once
    "asked on": (
        ("tx:keep_waiting", ANY3),
        ("call:setMessageReaction", ANY2),
        ("tx:finish", ANY3),
        ("tx:place_waiting", ANY3),
        ("tx:close_notice", ANY3),
    ),
    # a part of it was read: it is released, and in a group the failure stands in its place
    "read in part": (("call:sendMessageDraft", ("", LOST), 3),),
    "read in part by a group": (("call:editMessageText[progress]", ("", LOST)),),
}

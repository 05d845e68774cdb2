"""Columns of text that hold nothing of a person, each with its reason."""

DOCUMENTS = "the text of a contract, the same for everybody"
PROGRAM = "a program's key, made by staff"
WORDS = "a word of our own"
NUMBER = "a name made at random"

NOTHING_PERSONAL = {
    "accounts.apikey.name": PROGRAM,
    "accounts.apikey.prefix": NUMBER,
    "accounts.apikey.scopes": WORDS,
    "accounts.contractdocument.file": DOCUMENTS,
    "accounts.contractdocument.title": DOCUMENTS,
    "accounts.contractdocument.version": DOCUMENTS,
    "accounts.assignment.reason": WORDS,
    "accounts.notice.message_id": NUMBER,
    "accounts.notice.obligation": "numbers of rows and kinds of letters",
    "accounts.ticket.reference": NUMBER,
    "accounts.ticket.priority": "as the contract names it",
    "accounts.ticket.refused_for": WORDS,
    "accounts.ticket.missing": "parts that a request lacks, in our words",
    "accounts.reclassification.old_priority": "as the contract names it",
    "accounts.reclassification.new_priority": "as the contract names it",
    "accounts.disposal.basis": WORDS,
    "accounts.disposal.counts": "numbers of rows by kind",
    "accounts.erasure.subject": WORDS,
    "accounts.erasure.refused_for": WORDS,
    "accounts.personkey.subject": WORDS,
    "accounts.personkey.retention": WORDS,
    "accounts.personkey.basis": WORDS,
    "accounts.personkey.house_key": "a name of a key",
    "accounts.personkey.wrapped": "a key, itself sealed",
    "accounts.sealedrecord.model": WORDS,
    "accounts.sealedrecord.sealed": "sealed; it is what keeps what was erased, and goes with its key",
    "accounts.sealedopening.reason": "what staff opened a record for, by the number of a matter",
    "accounts.planneddisposal.basis": WORDS,
    "backoffice.run.job": WORDS,
    "backoffice.run.error": "a kind and a place of an error, or our own words",
    "backoffice.event.kind": WORDS,
    "backoffice.event.key": "numbers of rows and kinds of letters",
    "backoffice.event.payload": "numbers of rows and kinds of letters",
    "backoffice.event.error": "a kind of error",
}

/* defects.c: what the reference endpoint can be told to do wrongly.
 *
 * A conformance tool is only worth what it finds, so the endpoint can break one promise at a time. A defect is an edit of one of the
 * documents that a reply is made of (service.h, edit.h), or a rule whose breach is let pass, and names the constraint that is broken by it
 * and no other. The last column is a request on which it shows. */
#include "endpoint/defects.h"

#include "endpoint/faults.h"

#include <string.h>

#define REMOVE(pointer) {EDIT_REMOVE, pointer, NULL}
#define SET(pointer, json) {EDIT_SET, pointer, json}
#define REPLACE(pointer, json) {EDIT_REPLACE, pointer, json}
#define ADD(pointer, number) {EDIT_ADD, pointer, number}
#define APPEND(pointer, json) {EDIT_APPEND, pointer, json}
#define REPEAT(pointer) {EDIT_REPEAT, pointer, NULL}
#define PARSE(pointer) {EDIT_PARSE, pointer, NULL}
#define CUT(pointer, number) {EDIT_CUT, pointer, number}
#define LET_PASS(rule) {0, NULL, rule}

/* Requests. Each ends open, so that members can be added. */
#define ASK JSON({"model":"reference","messages":[{"role":"user","content":"Say hello to all of you"}])
#define ASK_STREAM ASK JSON(,"stream":true)
#define ASK_USAGE ASK_STREAM JSON(,"stream_options":{"include_usage":true})
#define ASK_TOOLS JSON({"model":"reference","messages":[{"role":"user","content":"Try look_up and write_down"}],"tools":[ \
                           {"type":"function","function":{"name":"look_up","parameters":{ \
                               "type":"object","properties":{"city":{"type":"string"}}}}}, \
                           {"type":"function","function":{"name":"write_down"}}],"tool_choice":"required")
#define ASK_TOOLS_STREAM ASK_TOOLS JSON(,"stream":true)
#define ASK_LENGTHY JSON({"model":"reference","stream":true,"messages":[{"role":"user","content": \
    "Repeat: one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"}])
#define ASK_WRONGLY JSON({"model":"reference"})

static const struct flaw flaws[] = {
    /* the answer leaves something out */
    {{"response.id.missing", "response.id.required", CC_MUST, "leaves out the id of a completion"},
     IN_ANSWER, REMOVE("/body/id"), .shows = ASK "}"},
    {{"response.object.missing", "response.object.required", CC_MUST, "leaves out object"},
     IN_ANSWER, REMOVE("/body/object"), .shows = ASK "}"},
    {{"response.created.missing", "response.created.required", CC_MUST, "leaves out created"},
     IN_ANSWER, REMOVE("/body/created"), .shows = ASK "}"},
    {{"response.model.missing", "response.model.required", CC_MUST, "leaves out the model"},
     IN_ANSWER, REMOVE("/body/model"), .shows = ASK "}"},
    {{"response.choices.missing", "response.choices.required", CC_MUST, "leaves out choices"},
     IN_ANSWER, REMOVE("/body/choices"), .shows = ASK "}"},
    {{"response.index.missing", "response.choices.index.required", CC_MUST, "leaves out the index of each choice"},
     IN_ANSWER, REMOVE("/body/choices/*/index"), .shows = ASK "}"},
    {{"response.message.missing", "response.choices.message.required", CC_MUST, "leaves out the message of each choice"},
     IN_ANSWER, REMOVE("/body/choices/*/message"), .shows = ASK "}"},
    {{"response.role.missing", "response.choices.message.role.required", CC_MUST, "leaves out the role of each message"},
     IN_ANSWER, REMOVE("/body/choices/*/message/role"), .shows = ASK "}"},
    {{"response.finish-reason.missing", "response.choices.finish_reason.required", CC_MUST, "leaves out finish_reason"},
     IN_ANSWER, REMOVE("/body/choices/*/finish_reason"), .shows = ASK "}"},
    {{"response.usage.missing", "response.usage.present", CC_SHOULD, "leaves out usage"},
     IN_ANSWER, REMOVE("/body/usage"), .shows = ASK "}"},
    {{"response.usage.prompt-missing", "response.usage.prompt_tokens.required", CC_MUST, "leaves out prompt_tokens"},
     IN_ANSWER, REMOVE("/body/usage/prompt_tokens"), .shows = ASK "}"},
    {{"response.tool-calls.id-missing", "response.choices.message.tool_calls.id.required", CC_MUST, "gives tool calls no id"},
     IN_ANSWER, REMOVE("/body/choices/*/message/tool_calls/*/id"), .shows = ASK_TOOLS "}"},
    {{"response.tool-calls.type-missing", "response.choices.message.tool_calls.type_member.required", CC_MUST, "gives tool calls no type"},
     IN_ANSWER, REMOVE("/body/choices/*/message/tool_calls/*/type"), .shows = ASK_TOOLS "}"},

    /* the answer says something wrong */
    {{"response.object.wrong", "response.object.const", CC_MUST, "calls a completion text_completion, as the older endpoint does"},
     IN_ANSWER, SET("/body/object", JSON("text_completion")), .shows = ASK "}"},
    {{"response.created.text", "response.created.type", CC_MUST, "writes created as a string"},
     IN_ANSWER, SET("/body/created", JSON("1785542400")), .shows = ASK "}"},
    {{"response.created.milliseconds", "response.created.seconds", CC_SHOULD, "counts created in milliseconds"},
     IN_ANSWER, SET("/body/created", "1785542400000"), .shows = ASK "}"},
    {{"response.role.user", "response.choices.message.role.const", CC_MUST, "answers in the role of the user"},
     IN_ANSWER, SET("/body/choices/*/message/role", JSON("user")), .shows = ASK "}"},
    {{"response.content.parts", "response.choices.message.content.type", CC_MUST, "answers with an array of content parts"},
     IN_ANSWER, SET("/body/choices/*/message/content", JSON([{"type":"text","text":"Hello."}])), .shows = ASK "}"},
    {{"response.index.repeated", "response.choices.index.unique", CC_MUST, "numbers every choice 0"},
     IN_ANSWER, SET("/body/choices/*/index", "0"), .shows = ASK JSON(,"n":2})},
    {{"response.finish-reason.unknown", "response.choices.finish_reason.enum", CC_MUST, "ends with finish_reason eos"},
     IN_ANSWER, SET("/body/choices/*/finish_reason", JSON("eos")), .shows = ASK "}"},
    {{"response.finish-reason.calls-without", "response.choices.finish_reason.tool_calls_present", CC_MUST,
      "ends with finish_reason tool_calls without having called a tool"},
     IN_ANSWER, SET("/body/choices/*/finish_reason", JSON("tool_calls")), .shows = ASK "}"},
    {{"response.tool-calls.arguments-object", "response.choices.message.tool_calls.function.arguments.type", CC_MUST,
      "gives the arguments of a tool call as an object, not as a string"},
     IN_ANSWER, PARSE("/body/choices/*/message/tool_calls/*/function/arguments"), .shows = ASK_TOOLS "}"},
    {{"response.tool-calls.id-repeated", "response.choices.message.tool_calls.id.unique", CC_MUST, "gives all tool calls the same id"},
     IN_ANSWER, SET("/body/choices/*/message/tool_calls/*/id", JSON("call_0")), .shows = ASK_TOOLS "}"},
    {{"response.usage.wrong-sum", "response.usage.total_is_sum", CC_MUST, "counts one token too many in total_tokens"},
     IN_ANSWER, ADD("/body/usage/total_tokens", "1"), .shows = ASK "}"},
    {{"response.usage.text", "response.usage.completion_tokens.type", CC_MUST, "writes completion_tokens as a string"},
     IN_ANSWER, SET("/body/usage/completion_tokens", JSON("5")), .shows = ASK "}"},
    {{"response.error.inside", "response.no_error_member", CC_MUST, "puts an error into a completion"},
     IN_ANSWER, SET("/body/error", JSON({"message":"It failed.","type":"api_error","param":null,"code":null})), .shows = ASK "}"},
    {{"response.service-tier.unresolved", "response.service_tier.resolved", CC_SHOULD, "reports the service tier auto"},
     IN_ANSWER, SET("/body/service_tier", JSON("auto")), .shows = ASK "}"},
    {{"response.logprobs.positive", "response.choices.logprobs.logprob.range", CC_SHOULD, "claims logprobs above 0"},
     IN_ANSWER, SET("/body/choices/*/logprobs/content/*/logprob", "0.5"), .shows = ASK JSON(,"logprobs":true})},

    /* the answer does not heed the request */
    {{"request.n.ignored", "response.choices.count_equals_n", CC_MUST, "answers with one choice, whatever n is"},
     IN_REQUEST, REMOVE("/n"), .shows = ASK JSON(,"n":2})},
    {{"request.stop.ignored", "response.choices.message.content.stop_absent", CC_MUST, "goes on after a stop sequence"},
     IN_REQUEST, REMOVE("/stop"), .shows = ASK JSON(,"stop":"all"})},
    {{"request.logprobs.ignored", "response.choices.logprobs.requested", CC_MUST, "gives no logprobs"},
     IN_REQUEST, REMOVE("/logprobs"), .shows = ASK JSON(,"logprobs":true})},
    {{"request.limit.ignored", "response.usage.completion_budget", CC_MUST, "does not heed max_completion_tokens"},
     IN_REQUEST, REMOVE("/max_completion_tokens"), .shows = ASK JSON(,"max_completion_tokens":2})},
    {{"request.tool-choice.ignored", "response.choices.message.tool_calls.choice_required", CC_MUST, "calls no tool when it has to"},
     IN_REQUEST, SET("/tool_choice", JSON("none")), .shows = ASK_TOOLS "}"},
    {{"request.parallel.ignored", "response.choices.message.tool_calls.parallel_false", CC_MUST,
      "calls several tools when parallel_tool_calls is false"},
     IN_REQUEST, REMOVE("/parallel_tool_calls"), .shows = ASK_TOOLS JSON(,"parallel_tool_calls":false})},
    {{"request.metadata.changed", "response.metadata.echo", CC_SHOULD, "gives other metadata back than it got"},
     IN_REQUEST, SET("/metadata", JSON({"changed":"yes"})), .shows = ASK JSON(,"store":true,"metadata":{"case":"1"}})},
    {{"request.obfuscation.ignored", "stream.chunk.obfuscation.switch", CC_MUST, "obfuscates chunks though that was switched off"},
     IN_REQUEST, REMOVE("/stream_options/include_obfuscation"), .shows = ASK_STREAM JSON(,"stream_options":{"include_obfuscation":false}})},
    {{"request.stop.five-accepted", "request.stop.max_items", CC_MUST, "accepts five stop sequences"},
     IN_CHECK, LET_PASS("request.stop.max_items"), .shows = ASK JSON(,"stop":["1","2","3","4","5"]})},
    {{"request.messages.empty-accepted", "request.messages.min_items", CC_MUST, "accepts a conversation without messages"},
     IN_CHECK, LET_PASS("request.messages.min_items"), .shows = JSON({"model":"reference","messages":[]})},
    {{"request.temperature.accepted", "request.temperature.range", CC_MUST, "accepts any temperature"},
     IN_CHECK, LET_PASS("request.temperature.range"), .shows = ASK JSON(,"temperature":9})},

    /* the stream */
    {{"stream.done.missing", "stream.done.terminator", CC_MUST, "ends a stream without [DONE]"},
     IN_STREAM, SET("/end", JSON("")), .shows = ASK_STREAM "}"},
    {{"stream.done.twice", "stream.done.once", CC_MUST, "sends [DONE] twice"},
     IN_STREAM, APPEND("/end", JSON("data: [DONE]\n\n")), .shows = ASK_STREAM "}"},
    {{"stream.done.lower-case", "stream.done.exact", CC_MUST, "ends a stream with [done]"},
     IN_STREAM, SET("/end", JSON("data: [done]\n\n")), .shows = ASK_STREAM "}"},
    {{"stream.id.differs", "stream.chunk.id.same", CC_MUST, "gives the last chunk another id"},
     IN_STREAM, SET("/events/-1/id", JSON("chatcmpl-another")), .shows = ASK_STREAM "}"},
    {{"stream.model.differs", "stream.chunk.model.same", CC_MUST, "names another model in the last chunk"},
     IN_STREAM, SET("/events/-1/model", JSON("another")), .shows = ASK_STREAM "}"},
    {{"stream.created.differs", "stream.chunk.created.same", CC_MUST, "dates the last chunk a second later"},
     IN_STREAM, ADD("/events/-1/created", "1"), .shows = ASK_STREAM "}"},
    {{"stream.object.wrong", "stream.chunk.object.const", CC_MUST, "calls a chunk chat.completion"},
     IN_STREAM, SET("/events/1/object", JSON("chat.completion")), .shows = ASK_STREAM "}"},
    {{"stream.index.missing", "stream.choices.index.required", CC_MUST, "leaves out the index of a streamed choice"},
     IN_STREAM, REMOVE("/events/1/choices/*/index"), .shows = ASK_STREAM "}"},
    {{"stream.role.missing", "stream.delta.role.present", CC_PORTABILITY, "never names the role"},
     IN_STREAM, REMOVE("/events/*/choices/*/delta/role"), .shows = ASK_STREAM "}"},
    {{"stream.role.repeated", "stream.delta.role.first_only", CC_PORTABILITY, "names the role again in the second chunk"},
     IN_STREAM, SET("/events/1/choices/*/delta/role", JSON("assistant")), .shows = ASK_STREAM "}"},
    {{"stream.finish-reason.missing", "stream.choices.finish_reason.required", CC_MUST, "leaves out finish_reason in the second chunk"},
     IN_STREAM, REMOVE("/events/1/choices/*/finish_reason"), .shows = ASK_STREAM "}"},
    {{"stream.finish-reason.empty", "stream.choices.finish_reason.enum", CC_MUST, "sends an empty finish_reason in the second chunk"},
     IN_STREAM, SET("/events/1/choices/*/finish_reason", JSON("")), .shows = ASK_STREAM "}"},
    {{"stream.finish-reason.never", "stream.choices.finish_reason.once", CC_MUST, "never says why a choice ended"},
     IN_STREAM, REPLACE("/events/*/choices/*/finish_reason", "null"), .shows = ASK_STREAM "}"},
    {{"stream.message.member", "stream.chunk.no_message_member", CC_MUST, "sends a message beside the delta"},
     IN_STREAM, SET("/events/1/choices/*/message", JSON({"role":"assistant","content":"Hello."})), .shows = ASK_STREAM "}"},
    {{"stream.usage.missing", "stream.usage.chunk_present", CC_MUST, "sends no usage chunk though it was asked for"},
     IN_STREAM, REMOVE("/events/{usage}"), .shows = ASK_USAGE "}"},
    {{"stream.usage.twice", "stream.usage.chunk_present", CC_MUST, "sends the usage chunk twice"},
     IN_STREAM, REPEAT("/events/{usage}"), .shows = ASK_USAGE "}"},
    {{"stream.usage.with-choice", "stream.usage.chunk_choices_empty", CC_MUST, "puts a choice into the usage chunk"},
     IN_STREAM, APPEND("/events/{usage}/choices", JSON({"index":0,"delta":{},"logprobs":null,"finish_reason":null})),
     .shows = ASK_USAGE "}"},
    {{"stream.usage.no-null", "stream.usage.null_elsewhere", CC_SHOULD, "leaves out the null usage of the first chunk"},
     IN_STREAM, REMOVE("/events/0/usage"), .shows = ASK_USAGE "}"},
    {{"stream.tool-calls.index-missing", "stream.delta.tool_calls.index.required", CC_MUST, "gives tool call deltas no index"},
     IN_STREAM, REMOVE("/events/*/choices/*/delta/tool_calls/*/index"), .shows = ASK_TOOLS JSON(,"stream":true})},
    {{"stream.tool-calls.id-missing", "stream.delta.tool_calls.first.id", CC_MUST, "begins a tool call without an id"},
     IN_STREAM, REMOVE("/events/1/choices/*/delta/tool_calls/*/id"), .shows = ASK_TOOLS JSON(,"stream":true})},
    {{"stream.tool-calls.name-missing", "stream.delta.tool_calls.first.name", CC_MUST, "begins a tool call without the function's name"},
     IN_STREAM, REMOVE("/events/1/choices/*/delta/tool_calls/*/function/name"), .shows = ASK_TOOLS JSON(,"stream":true})},
    {{"stream.keep-alive.data", "stream.sse.payload_json", CC_MUST, "sends a keep-alive as data"},
     IN_STREAM, APPEND("/events", JSON("data: : ping\n\n")), .shows = ASK_STREAM "}"},
    {{"stream.data.bare", "stream.sse.data_prefix", CC_MUST, "sends chunks as bare lines of JSON"},
     IN_STREAM, SET("/before", JSON("")), .shows = ASK_STREAM "}"},

    /* the stream and its clock; what follows the end, or comes before it */
    {{"stream.buffered", "stream.incremental", CC_SHOULD, "keeps back a whole stream and then sends it at once"},
     IN_STREAM, SET("/pace", JSON({"before_ms":600})), .shows = ASK_LENGTHY "}", .by_clock = true},
    {{"stream.cut", "stream.truncated", CC_MUST, "ends a stream after two events, as if that were all"},
     IN_STREAM, CUT("/events", "2"), .also = SET("/end", JSON("")), .shows = ASK_STREAM "}"},
    {{"stream.cut.inside", "stream.truncated", CC_MUST, "ends a stream inside an event"},
     IN_STREAM, CUT("/events", "2"), .also = SET("/end", JSON("data: {\"id\":\"chatcmpl-")), .shows = ASK_STREAM "}"},
    {{"stream.done.quoted", "stream.done.exact", CC_MUST, "puts [DONE] between quotes"},
     IN_STREAM, SET("/end", JSON("data: \"[DONE]\"\n\n")), .shows = ASK_STREAM "}"},
    {{"stream.done.unclosed", "stream.sse.final_event_complete", CC_PORTABILITY, "sends no empty line after [DONE]"},
     IN_STREAM, SET("/end", JSON("data: [DONE]\n")), .shows = ASK_STREAM "}"},
    {{"stream.done.too-early", "stream.done.nothing_after", CC_MUST, "sends another event after [DONE]"},
     IN_STREAM, APPEND("/end", JSON("data: {\"object\":\"ping\"}\n\n")), .shows = ASK_STREAM "}"},
    {{"stream.done.alone", "stream.done.not_without_chunk", CC_SHOULD, "sends nothing but [DONE]"},
     IN_STREAM, CUT("/events", "0"), .shows = ASK_STREAM "}"},
    {{"stream.error.bare", "stream.error.event", CC_MUST, "reports a fault in a stream without the envelope of errors"},
     IN_STREAM, SET("/events/1", JSON({"message":"Overloaded.","code":500})), .shows = ASK_STREAM "}"},
    {{"stream.error.in-chunk", "stream.error.member_in_chunk", CC_MUST, "reports a fault inside a chunk"},
     IN_STREAM, SET("/events/1/error", JSON({"message":"Overloaded.","type":"server_error","param":null,"code":null})), .shows = ASK_STREAM "}"},
    {{"stream.error.passed-over", "stream.done.after_error", CC_SHOULD, "goes on after an error as if nothing had happened"},
     IN_STREAM, SET("/events/1", JSON({"error":{"message":"Overloaded.","type":"server_error","param":null,"code":null}})),
     .shows = ASK_STREAM "}"},
    {{"stream.error.at-once", "http.response.stream.error_before_start", CC_SHOULD, "answers with a stream that holds nothing but an error"},
     IN_STREAM, CUT("/events", "0"),
     .also = APPEND("/events", JSON({"error":{"message":"Overloaded.","type":"server_error","param":null,"code":null}})), .shows = ASK_STREAM "}"},

    /* the stream's lines */
    {{"stream.event.named", "stream.sse.event_field", CC_PORTABILITY, "calls its events chunk"},
     IN_STREAM, SET("/before", JSON("event: chunk\ndata: ")), .shows = ASK_STREAM "}"},
    {{"stream.event.numbered", "stream.sse.id_retry_fields", CC_PORTABILITY, "gives its events an id"},
     IN_STREAM, SET("/before", JSON("id: 1\ndata: ")), .shows = ASK_STREAM "}"},
    {{"stream.event.unknown-field", "stream.sse.field_names", CC_SHOULD, "sends a field that event streams do not have"},
     IN_STREAM, SET("/before", JSON("length: 1\ndata: ")), .shows = ASK_STREAM "}"},
    {{"stream.event.two-lines", "stream.sse.one_line_payload", CC_PORTABILITY, "spreads a payload over two lines"},
     IN_STREAM, SET("/before", JSON("data:\ndata: ")), .shows = ASK_STREAM "}"},
    {{"stream.event.empty", "stream.sse.empty_data", CC_PORTABILITY, "sends events without data between the others"},
     IN_STREAM, SET("/before", JSON("data:\n\ndata: ")), .shows = ASK_STREAM "}"},
    {{"stream.event.unclosed", "stream.sse.line_endings", CC_MUST, "sends no empty lines between events"},
     IN_STREAM, SET("/after", JSON("\n")), .shows = ASK_STREAM "}"},
    {{"stream.comment.inside", "stream.sse.comments", CC_PORTABILITY, "sends payloads in comments too"},
     IN_STREAM, SET("/before", JSON(": {\"id\":\"chatcmpl-\"}\ndata: ")), .shows = ASK_STREAM "}"},
    {{"stream.keep-alive.empty-object", "stream.sse.payload_object", CC_MUST, "sends an empty object as a keep-alive"},
     IN_STREAM, APPEND("/events", JSON({})), .shows = ASK_STREAM "}"},

    /* the stream's chunks */
    {{"stream.id.missing", "stream.chunk.id.required", CC_MUST, "leaves out the id of chunks"},
     IN_STREAM, REMOVE("/events/*/id"), .shows = ASK_STREAM "}"},
    {{"stream.id.empty", "stream.chunk.id.non_empty", CC_PORTABILITY, "gives the first chunk an empty id"},
     IN_STREAM, SET("/events/0/id", JSON("")), .shows = ASK_STREAM "}"},
    {{"stream.object.missing", "stream.chunk.object.required", CC_MUST, "leaves out the object of chunks"},
     IN_STREAM, REMOVE("/events/*/object"), .shows = ASK_STREAM "}"},
    {{"stream.created.milliseconds", "stream.chunk.created.seconds", CC_SHOULD, "counts created in milliseconds in its chunks"},
     IN_STREAM, SET("/events/*/created", "1785542400000"), .shows = ASK_STREAM "}"},
    {{"stream.fingerprint.differs", "stream.chunk.system_fingerprint.same", CC_SHOULD, "names another configuration in the last chunk"},
     IN_STREAM, SET("/events/0/system_fingerprint", JSON("fp_one")), .also = SET("/events/-1/system_fingerprint", JSON("fp_two")),
     .shows = ASK_STREAM "}"},
    {{"stream.choices.null", "stream.chunk.choices.type", CC_MUST, "sends null instead of choices in the second chunk"},
     IN_STREAM, SET("/events/1/choices", "null"), .shows = ASK_STREAM "}"},
    {{"stream.choices.empty", "stream.choices.empty_only_special", CC_PORTABILITY, "sends a second chunk without choices"},
     IN_STREAM, SET("/events/1/choices", "[]"), .shows = ASK_STREAM "}"},
    {{"stream.delta.missing", "stream.choices.delta.required", CC_MUST, "leaves out the second delta"},
     IN_STREAM, REMOVE("/events/1/choices/*/delta"), .shows = ASK_STREAM "}"},
    {{"stream.index.from-one", "stream.choices.index.lt_n", CC_MUST, "counts streamed choices from 1"},
     IN_STREAM, ADD("/events/*/choices/*/index", "1"), .shows = ASK_STREAM "}"},
    {{"stream.role.user", "stream.delta.role.assistant", CC_MUST, "streams in the role of the user"},
     IN_STREAM, SET("/events/0/choices/*/delta/role", JSON("user")), .shows = ASK_STREAM "}"},
    {{"stream.role.null", "stream.delta.role.null", CC_PORTABILITY, "sends a null role in the second chunk"},
     IN_STREAM, SET("/events/1/choices/*/delta/role", "null"), .shows = ASK_STREAM "}"},
    {{"stream.role.empty", "stream.delta.role.empty", CC_PORTABILITY, "sends an empty role in the second chunk"},
     IN_STREAM, SET("/events/1/choices/*/delta/role", JSON("")), .shows = ASK_STREAM "}"},
    {{"stream.content.parts", "stream.delta.content.type", CC_MUST, "streams content as an array of parts"},
     IN_STREAM, SET("/events/1/choices/*/delta/content", JSON([{"type":"text","text":"Hello."}])), .shows = ASK_STREAM "}"},
    {{"stream.refusal.beside-content", "stream.delta.content_refusal_exclusive", CC_SHOULD, "streams a refusal beside content"},
     IN_STREAM, SET("/events/2/choices/*/delta/refusal", JSON("No.")), .shows = ASK_STREAM "}"},
    {{"stream.finish-reason.unknown", "stream.choices.finish_reason.enum", CC_MUST, "ends a stream with finish_reason eos"},
     IN_STREAM, REPLACE("/events/*/choices/*/finish_reason", JSON("eos")), .shows = ASK_STREAM "}"},
    {{"stream.finish-reason.twice", "stream.choices.finish_reason.once", CC_MUST, "says twice why a choice ended"},
     IN_STREAM, REPEAT("/events/-1"), .shows = ASK_STREAM "}"},
    {{"stream.finish-reason.with-text", "stream.choices.finish_reason.delta_empty", CC_PORTABILITY, "sends the last words beside finish_reason"},
     IN_STREAM, SET("/events/-1/choices/*/delta/content", JSON("!")), .shows = ASK_STREAM "}"},
    {{"stream.finish-reason.calls-without", "stream.choices.finish_reason.tool_calls_seen", CC_MUST,
      "ends a stream with tool_calls without having called a tool"},
     IN_STREAM, REPLACE("/events/*/choices/*/finish_reason", JSON("tool_calls")), .shows = ASK_STREAM "}"},
    {{"stream.finish-reason.stop-after-calls", "stream.choices.finish_reason.calls_imply", CC_SHOULD, "ends streamed calls with stop"},
     IN_STREAM, REPLACE("/events/*/choices/*/finish_reason", JSON("stop")), .shows = ASK_TOOLS_STREAM "}"},
    {{"stream.logprobs.dropped", "stream.logprobs.requested", CC_MUST, "gives no logprobs in streams"},
     IN_STREAM, SET("/events/*/choices/*/logprobs", "null"), .shows = ASK_STREAM JSON(,"logprobs":true})},
    {{"stream.logprobs.half", "stream.logprobs.required_members", CC_SHOULD, "leaves out the refusal of streamed logprobs"},
     IN_STREAM, REMOVE("/events/*/choices/*/logprobs/refusal"), .shows = ASK_STREAM JSON(,"logprobs":true})},
    {{"stream.usage.unasked", "stream.usage.requested", CC_PORTABILITY, "sends usage in streams that did not ask for it"},
     IN_STREAM, SET("/events/-1/usage", JSON({"prompt_tokens":1,"completion_tokens":1,"total_tokens":2})), .shows = ASK_STREAM "}"},
    {{"stream.usage.wrong-sum", "response.usage.total_is_sum", CC_MUST, "adds up the tokens of a stream wrongly"},
     IN_STREAM, ADD("/events/{usage}/usage/total_tokens", "1"), .shows = ASK_USAGE "}"},
    {{"stream.tool-calls.type-missing", "stream.delta.tool_calls.first.type", CC_MUST, "begins a tool call without its type"},
     IN_STREAM, REMOVE("/events/1/choices/*/delta/tool_calls/*/type"), .shows = ASK_TOOLS_STREAM "}"},
    {{"stream.tool-calls.from-one", "stream.delta.tool_calls.index.contiguous", CC_MUST, "counts streamed tool calls from 1"},
     IN_STREAM, ADD("/events/*/choices/*/delta/tool_calls/*/index", "1"), .shows = ASK_TOOLS_STREAM "}"},
    {{"stream.tool-calls.id-changes", "stream.delta.tool_calls.id.stable", CC_MUST, "gives a tool call another id later on"},
     IN_STREAM, SET("/events/2/choices/*/delta/tool_calls/*/id", JSON("call_another")), .shows = ASK_TOOLS_STREAM "}"},
    {{"stream.tool-calls.id-repeated", "stream.delta.tool_calls.id.unique", CC_MUST, "gives all streamed tool calls the same id"},
     IN_STREAM, SET("/events/*/choices/*/delta/tool_calls/{id}/id", JSON("call_0")), .shows = ASK_TOOLS_STREAM "}"},
    {{"stream.tool-calls.name-repeated", "stream.delta.tool_calls.name.once", CC_PORTABILITY, "sends the name of a function twice"},
     IN_STREAM, REPEAT("/events/1"), .shows = ASK_TOOLS_STREAM "}"},
    {{"stream.tool-calls.arguments-object", "stream.delta.tool_calls.arguments.type", CC_MUST, "streams arguments as an object"},
     IN_STREAM, SET("/events/2/choices/*/delta/tool_calls/*/function/arguments", "{}"), .shows = ASK_TOOLS_STREAM "}"},
    {{"stream.tool-calls.arguments-cut", "stream.delta.tool_calls.arguments.json", CC_SHOULD, "loses the first piece of the arguments"},
     IN_STREAM, REMOVE("/events/2"), .shows = ASK_TOOLS_STREAM "}"},
    {{"stream.tool-calls.null", "stream.delta.tool_calls.null", CC_PORTABILITY, "sends null tool_calls in the second delta"},
     IN_STREAM, SET("/events/1/choices/*/delta/tool_calls", "null"), .shows = ASK_STREAM "}"},
    {{"stream.tool-calls.empty", "stream.delta.tool_calls.non_empty", CC_PORTABILITY, "sends empty tool_calls in the second delta"},
     IN_STREAM, SET("/events/1/choices/*/delta/tool_calls", "[]"), .shows = ASK_STREAM "}"},
    {{"stream.headers.length", "http.response.sse.no_content_length", CC_SHOULD, "lets streams be cached"},
     IN_STREAM, SET("/headers/cache-control", JSON("max-age=60")), .shows = ASK_STREAM "}"},

    /* unusual, but legal: nothing is to be found */
    {{"stream.dripped", NULL, 0, "sends streams byte by byte, so that characters are split over writes"},
     IN_STREAM, SET("/pace", JSON({"bytes":1,"between_ms":1})), .shows = ASK_STREAM "}"},
    {{"stream.in-threes", NULL, 0, "sends streams three bytes at a time"},
     IN_STREAM, SET("/pace", JSON({"bytes":3,"between_ms":1})), .shows = ASK_STREAM "}"},
    {{"stream.in-one-write", NULL, 0, "sends streams without any pause"},
     IN_STREAM, SET("/pace", "{}"), .shows = ASK_STREAM "}"},
    {{"stream.commented", NULL, 0, "sends a keep-alive comment before each event"},
     IN_STREAM, SET("/before", JSON(": keep-alive\n\ndata: ")), .shows = ASK_STREAM "}"},
    {{"stream.carriage-returns", NULL, 0, "ends the lines of streams with CRLF"},
     IN_STREAM, SET("/after", JSON("\r\n\r\n")), .also = SET("/end", JSON("data: [DONE]\r\n\r\n")), .shows = ASK_STREAM "}"},
    {{"stream.no-blank", NULL, 0, "puts no blank behind data:"},
     IN_STREAM, SET("/before", JSON("data:")), .shows = ASK_STREAM "}"},
    {{"stream.error.told", NULL, 0, "breaks streams off with an error and [DONE]"},
     IN_STREAM, CUT("/events", "2"),
     .also = APPEND("/events", JSON({"error":{"message":"Overloaded.","type":"server_error","param":null,"code":null}})), .shows = ASK_STREAM "}"},
    {{"stream.stalled", NULL, 0, "falls silent for three seconds after the third event"},
     IN_STREAM, SET("/pace", JSON({"between_ms":1,"stall_at":3,"stall_ms":3000})), .shows = ASK_STREAM "}", .by_clock = true},
    {{"stream.endless", NULL, 0, "sends the events of a stream again and again, without an end"},
     IN_STREAM, SET("/pace", JSON({"between_ms":2,"endless":true})), .shows = ASK_STREAM "}", .by_clock = true},

    /* errors and HTTP */
    {{"error.error.text", "error.error.type", CC_MUST, "puts a string where the error object should be"},
     IN_ERROR, SET("/body/error", JSON("Something is wrong.")), .shows = ASK_WRONGLY},
    {{"error.message.missing", "error.message.required", CC_MUST, "leaves out the message of an error"},
     IN_ERROR, REMOVE("/body/error/message"), .shows = ASK_WRONGLY},
    {{"error.type.missing", "error.type.required", CC_MUST, "leaves out the type of an error"},
     IN_ERROR, REMOVE("/body/error/type"), .shows = ASK_WRONGLY},
    {{"error.param.missing", "error.param.required", CC_PORTABILITY, "leaves out the param of an error"},
     IN_ERROR, REMOVE("/body/error/param"), .shows = ASK_WRONGLY},
    {{"error.code.number", "error.code.type.openai", CC_MUST, "writes the code of an error as a number"},
     IN_ERROR, SET("/body/error/code", "400"), .shows = ASK_WRONGLY},
    {{"error.detail.form", "error.detail_form", CC_MUST, "answers an error in the form detail: ..."},
     IN_ERROR, SET("/body", JSON({"detail":"Something is wrong."})), .shows = ASK_WRONGLY},
    {{"error.status.200", "http.response.ok_not_error", CC_MUST, "sends errors with status 200"},
     IN_ERROR, SET("/status", "200"), .shows = ASK_WRONGLY},
    {{"http.content-type.wrong", "http.response.content_type.json", CC_MUST, "calls a completion text/plain"},
     IN_ANSWER, SET("/headers/content-type", JSON("text/plain")), .shows = ASK "}"},
    {{"http.content-type.stream", "http.response.content_type.sse", CC_MUST, "calls a stream application/json"},
     IN_STREAM, SET("/headers/content-type", JSON("application/json")), .shows = ASK_STREAM "}"},
    {{"http.status.created", "http.response.status.success", CC_MUST, "answers with status 201"},
     IN_ANSWER, SET("/status", "201"), .shows = ASK "}"},
    {{"http.request-id.missing", "http.response.x_request_id.present", CC_SHOULD, "leaves out x-request-id"},
     IN_ANSWER, REMOVE("/headers/x-request-id"), .shows = ASK "}"},
};

const struct flaw *flaw_at(size_t index)
{
    return index < sizeof flaws / sizeof *flaws ? &flaws[index] : NULL;
}

const struct flaw *flaw_find(const char *id)
{
    for (size_t i = 0; i < sizeof flaws / sizeof *flaws; i++)
        if (strcmp(flaws[i].about.id, id) == 0)
            return &flaws[i];
    return NULL;
}

const struct defect *defect_at(size_t index)
{
    const struct flaw *flaw = flaw_at(index);
    return flaw ? &flaw->about : NULL;
}

const struct defect *defect_find(const char *id)
{
    const struct flaw *flaw = flaw_find(id);
    const struct fault *fault = flaw ? NULL : fault_find(id);
    return flaw ? &flaw->about : fault ? &fault->about : NULL;
}

void flaws_apply(const struct flaw *const *chosen, enum flaw_place place, struct json_object *document)
{
    for (; chosen && *chosen; chosen++)
        if ((*chosen)->place == place) {
            edit_apply(&(*chosen)->edit, document);
            if ((*chosen)->also.pointer)
                edit_apply(&(*chosen)->also, document);
        }
}

bool flaws_tolerate(const struct flaw *const *chosen, const char *rule)
{
    for (; chosen && *chosen; chosen++)
        if ((*chosen)->place == IN_CHECK && strcmp((*chosen)->edit.value, rule) == 0)
            return true;
    return false;
}

/* audio.c: see audio.h.
 *
 * The sound is silence, at most a hundredth of a second of it, made once for each format and kept here in base64. */
#include "endpoint/audio.h"

#include "endpoint/digest.h"

enum { EXPIRES_S = 3600 };

static const struct {
    const char *format, *data;
} silence[] = {
    {"wav",
     "UklGRmAAAABXQVZFZm10IBAAAAABAAEAwF0AAIC7AAACABAAZGF0YTwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
    {"pcm16",
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
    {"mp3",
     "//sQwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
    {"flac",
     "ZkxhQ4AAACIA8ADwAAAAAAAABdwA8AAAAPCQlH40eRVFI/O98+okJTjI//hnCADvWgAAAIO2"},
    {"aac",
     "//FYQAG//ADIAIAjgA=="},
    {"opus",
     "T2dnUwACAAAAAAAAAABDQ0NDAAAAAKc+yKkBE09wdXNIZWFkAQEAAMBdAAAAAABPZ2dTAAAAAAAAAAAAAENDQ0MBAAAA7ZC5OQEaT3B1c1RhZ3"
     "MKAAAAY2hhdGNvbmZvcgAAAABPZ2dTAATAAwAAAAAAAENDQ0MCAAAA53MEMAED+P/+"},
};

static const char *data_of(struct json_object *format)
{
    for (size_t i = 0; i < sizeof silence / sizeof *silence; i++)
        if (jo_is(format, silence[i].format))
            return silence[i].data;
    return silence[0].data;
}

bool audio_is_wanted(struct json_object *request)
{
    struct json_object *modalities = jo_get(request, "modalities");
    for (size_t i = 0; i < jo_length(modalities); i++)
        if (jo_is(jo_item(modalities, i), "audio"))
            return true;
    return false;
}

struct json_object *audio_answer(struct json_object *request, struct json_object *transcript, int64_t created, uint64_t digest)
{
    struct json_object *audio = jo_object();
    jo_put(audio, "id", digest_hex("audio_", digest, 32));
    jo_put(audio, "data", jo_string(data_of(jo_path(request, "audio", "format", NULL))));
    jo_put(audio, "expires_at", jo_integer(created + EXPIRES_S));
    jo_put(audio, "transcript", jo_copy(transcript));
    return audio;
}

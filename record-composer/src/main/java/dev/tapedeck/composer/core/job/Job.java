package dev.tapedeck.composer.core.job;

/**
 * One convert job as it stands in the table.
 *
 * @param recordPath prefix of the recording's objects, ending in "/"
 * @param request    JSON of what was asked, with its destinations: secret
 * @param step       what is being done, for people
 * @param progress   0..1
 * @param error      why it failed, or why it is tried again; "" else
 * @param result     JSON of the summary once completed, "" before
 * @param attempts   runs begun
 * @param createdAt  Unix milliseconds; so are startedAt and endedAt, 0 when not yet
 */
public record Job(String id, String app, String recordPath, String request, JobState state, String step,
    double progress, String error, String result, int attempts, boolean cancelWanted, long createdAt, long startedAt,
    long endedAt) {}

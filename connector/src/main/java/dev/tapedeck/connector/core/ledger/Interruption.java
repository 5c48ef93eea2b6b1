package dev.tapedeck.connector.core.ledger;

/**
 * A time in which nobody taped, because a media server had died with the recording open; Unix milliseconds.
 *
 * @param fromMs when the last was taped that was kept
 * @param toMs   when the next process began, or the recording was known or assumed to have ended
 */
public record Interruption(long fromMs, long toMs) {}

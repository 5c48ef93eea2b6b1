package dev.tapedeck.media.core.room;

/**
 * What a watcher wants to see on one of its m-lines.
 *
 * @param mid   names the m-line
 * @param peer  whose track; empty for nothing
 * @param track name of that peer's track; empty for its first track of the m-line's kind
 */
public record Slot(String mid, String peer, String track) {}

package dev.tapedeck.composer.io.media;

import dev.tapedeck.composer.core.mix.TrackKey;

/** Something of one track that did not make it into a composition.
 *  @param message what was lost and why, with counts and times */
public record TrackWarning(TrackKey track, String message) {}

package dev.tapedeck.composer.core.job;

import java.util.Optional;

/**
 * What to make of a recording.
 *
 * @param transmux files per track, if wanted
 * @param compose  one file of all, if wanted
 */
public record ConvertRequest(Optional<Transmux> transmux, Optional<Compose> compose) {

  public ConvertRequest {
    if (transmux.isEmpty() && compose.isEmpty()) {
      throw new IllegalArgumentException("ask for transmux, for compose, or for both");
    }
  }

  /** @param ogg whether each participant's voice is wanted as an {@code .ogg} of its own, padded to the common zero */
  public record Transmux(boolean ogg) {}

  /** One file of everybody; with sound, pictures, or both. */
  public record Compose(boolean audio, boolean video) {
    public Compose {
      if (!audio && !video) {
        throw new IllegalArgumentException("compose needs audio, video, or both to be true");
      }
    }
  }
}

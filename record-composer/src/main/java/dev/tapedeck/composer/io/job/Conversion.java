package dev.tapedeck.composer.io.job;

import dev.tapedeck.composer.core.job.Summary;
import java.util.Optional;

/**
 * What a conversion came to.
 *
 * @param summary    of everything that was made
 * @param summaryUri where {@code summary.json} is; empty without transmux
 * @param composeUri where the composed file is; empty without compose
 * @param composeDurationMs length of the composed file, 0 without
 */
public record Conversion(Summary summary, Optional<String> summaryUri, Optional<String> composeUri,
    long composeDurationMs) {

  public boolean isPartial() {
    return !summary.partial().isEmpty();
  }
}

package dev.tapedeck.protocol.token;

import dev.tapedeck.protocol.wire.RecordPolicy;
import dev.tapedeck.protocol.wire.RecordPolicy.Layers;
import dev.tapedeck.protocol.wire.RecordPolicy.Media;
import java.util.Locale;
import java.util.Optional;

/**
 * What of a session is taped, in the words of tokens and requests: layers {@code all}, {@code top} or
 * {@code audio-first}, media {@code both}, {@code audio} or {@code video}.
 */
public final class RecordPolicies {
  public static final String LAYERS = "all, top or audio-first";
  public static final String MEDIA = "both, audio or video";

  private RecordPolicies() {}

  /**
   * The policy of two words; empty when neither is there. A word that is missing means all of it.
   *
   * @throws IllegalArgumentException for any other word; the message says which there are
   */
  public static Optional<RecordPolicy> of(Optional<String> layers, Optional<String> media) {
    if (layers.isEmpty() && media.isEmpty()) {
      return Optional.empty();
    }
    RecordPolicy.Builder policy = RecordPolicy.newBuilder();
    layers.ifPresent(word -> policy.setLayers(switch (word) {
      case "all" -> Layers.ALL;
      case "top" -> Layers.TOP;
      case "audio-first" -> Layers.AUDIO_FIRST;
      default -> throw new IllegalArgumentException("the layers to record must be " + LAYERS);
    }));
    media.ifPresent(word -> policy.setMedia(switch (word) {
      case "both" -> Media.BOTH;
      case "audio" -> Media.AUDIO;
      case "video" -> Media.VIDEO;
      default -> throw new IllegalArgumentException("the media to record must be " + MEDIA);
    }));
    return Optional.of(policy.build());
  }

  public static String layers(RecordPolicy policy) {
    return policy.getLayers().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static String media(RecordPolicy policy) {
    return policy.getMedia().name().toLowerCase(Locale.ROOT);
  }
}

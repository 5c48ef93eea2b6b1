package dev.tapedeck.composer.check;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/** What decoding a whole media file showed.
 *  @param kind         {@code video}, {@code audio} or {@code av}
 *  @param codecs       lower case, one per stream
 *  @param width        of the first video stream, 0 without
 *  @param height       as width
 *  @param durationMs   as the file says
 *  @param frames       pictures decoded, or sound frames where there is no video
 *  @param audioFrames  sound frames decoded
 *  @param cues         whether a webm or mkv file has an index
 *  @param decodeErrors frames that did not decode
 *  @param counters     pictures of each synthetic participant
 *  @param tiles        where each synthetic participant was to be seen, and when
 *  @param tones        tones of synthetic participants, and when
 *  @param peak         largest sample
 *  @param avOffsetMs   how much later the sound is than the picture, median over all ticks; absent if not measurable */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FileReport(String path, String kind, List<String> codecs, int width, int height, long durationMs,
    long bytes, int frames, int audioFrames, boolean cues, int decodeErrors, List<Counters> counters,
    List<Tile> tiles, List<Tone> tones, float peak, Long avOffsetMs) {

  /** Which pictures of one synthetic participant were seen, by the counters in them.
   *  @param first         lowest counter seen
   *  @param last          highest counter seen
   *  @param distinct      how many different ones
   *  @param missing       how many between first and last were not seen
   *  @param duplicates    pictures whose counter had been seen before
   *  @param backwardSteps how often a counter was lower than the one before it; a looped clip steps back at its seam */
  public record Counters(int participant, int first, int last, int distinct, int missing, int duplicates,
      int backwardSteps) {}

  /** A participant in one place for a while.
   *  @param colour as #rrggbb
   *  @param fromMs time of the first picture there
   *  @param toMs   time of the last picture there */
  public record Tile(int participant, String colour, long fromMs, long toMs, int x, int y, int width, int height) {}

  /** A tone from its first to its last audible window.
   *  @param fromMs    within 50 ms of where it began
   *  @param toMs      within 50 ms of where it ended
   *  @param amplitude mean over that time; 1 is full scale */
  public record Tone(int hz, long fromMs, long toMs, double amplitude) {}
}

package dev.tapedeck.composer.check;

import dev.tapedeck.composer.io.media.Picture;
import dev.tapedeck.composer.synth.FrameCode;
import dev.tapedeck.composer.synth.SynthColour;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Looks at every decoded picture of a video: who is in it, where, and which of their pictures it shows. */
final class VideoCheck {
  /** Edges found may differ by this much from one picture to the next while the tile is the same. */
  private static final int SAME_PLACE_PIXELS = 12;
  private static final int COLOUR_SAMPLES = 6;

  private final Map<Integer, CounterTally> tallies = new TreeMap<>();
  private final List<FileReport.Tile> tiles = new ArrayList<>();
  private final Map<Integer, FileReport.Tile> open = new TreeMap<>();
  private final PictureTicks ticks;
  private int pictures;
  private long firstNanos = -1;
  private long lastNanos;

  VideoCheck(int clipFramesPerSecond) {
    ticks = new PictureTicks(clipFramesPerSecond);
  }

  void add(Picture picture) {
    pictures++;
    lastNanos = picture.ptsNanos();
    firstNanos = firstNanos < 0 ? lastNanos : firstNanos;
    List<TileFinder.Found> found = find(picture);
    open.keySet().removeIf(participant -> found.stream().noneMatch(tile -> participant(tile) == participant));
    for (TileFinder.Found tile : found) {
      place(tile);
      tile.code().ifPresent(this::count);
    }
  }

  int pictures() {
    return pictures;
  }

  List<FileReport.Counters> counters() {
    return tallies.values().stream().map(CounterTally::counters).toList();
  }

  /** Places in the order they were taken. */
  List<FileReport.Tile> tiles() {
    return List.copyOf(tiles);
  }

  List<PictureTicks.Tick> ticks() {
    return ticks.ticks();
  }

  /** A file of one participant is one tile, which is read whole so that even tiny pictures are found. */
  private static List<TileFinder.Found> find(Picture picture) {
    Optional<FrameCode> whole = FrameCodeReader.read(picture).filter(code -> isFilledBy(code.participant(), picture));
    return whole.isPresent()
        ? List.of(new TileFinder.Found(whole.get().participant() % SynthColour.count(), whole, 0, 0,
            picture.width(), picture.height()))
        : TileFinder.find(picture);
  }

  /** One code in 256 is right by chance, where the lowest quarter of a grid is read as one; its colours are not. */
  private static boolean isFilledBy(int participant, Picture picture) {
    int bottom = (int) (picture.height() * FrameCode.TOP);
    return IntStream.range(0, COLOUR_SAMPLES * COLOUR_SAMPLES).allMatch(i -> {
      int x = (int) ((i % COLOUR_SAMPLES + 0.5) * picture.width() / COLOUR_SAMPLES);
      int y = (int) ((i / COLOUR_SAMPLES + 0.5) * bottom / COLOUR_SAMPLES);
      OptionalInt colour = SynthColour.participant(picture.pixel(x, y));
      return colour.isPresent() && colour.getAsInt() == participant % SynthColour.count();
    });
  }

  private static int participant(TileFinder.Found tile) {
    return tile.code().map(FrameCode::participant).orElse(tile.colour());
  }

  private void place(TileFinder.Found found) {
    int participant = participant(found);
    FileReport.Tile before = open.get(participant);
    boolean same = before != null && near(before.x(), found.x()) && near(before.y(), found.y())
        && near(before.width(), found.width()) && near(before.height(), found.height());
    long millis = lastNanos / 1_000_000;
    FileReport.Tile now = same
        ? new FileReport.Tile(participant, before.colour(), before.fromMs(), millis, before.x(), before.y(),
            before.width(), before.height())
        : new FileReport.Tile(participant, SynthColour.hex(participant), millis, millis, found.x(), found.y(),
            found.width(), found.height());
    if (same) {
      tiles.remove(before);
    }
    tiles.add(now);
    open.put(participant, now);
  }

  private static boolean near(int a, int b) {
    return Math.abs(a - b) <= SAME_PLACE_PIXELS;
  }

  private void count(FrameCode code) {
    tallies.computeIfAbsent(code.participant(), CounterTally::new).add(code.counter());
    ticks.add(code.participant(), code.counter(), lastNanos);
  }
}

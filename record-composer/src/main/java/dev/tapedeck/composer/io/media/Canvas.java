package dev.tapedeck.composer.io.media;

import dev.tapedeck.composer.core.mix.Layout;
import dev.tapedeck.composer.core.mix.MixPlan;
import dev.tapedeck.composer.core.mix.Rect;
import dev.tapedeck.composer.core.mix.TrackKey;
import dev.tapedeck.composer.core.mix.Yuv;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The picture of a composition: tiles of a grid, drawn again only where something changed. */
final class Canvas implements AutoCloseable {
  private static final Yuv BACKGROUND = Yuv.BLACK;
  /** A participant without picture. */
  private static final Yuv EMPTY_TILE = new Yuv(40, 128, 128);
  /** Pixels left free around a plain tile, so that two of them side by side are two. */
  private static final int EMPTY_TILE_MARGIN = 4;

  private final Picture picture;
  private final Map<TrackKey, VideoTrack> tracks;
  private final List<Tile> tiles = new ArrayList<>();
  private Optional<MixPlan.Span> shown = Optional.empty();

  private static final class Tile implements AutoCloseable {
    final Optional<VideoTrack> track;
    final Rect area;
    final Scaler scaler = new Scaler();
    Rect drawn;

    Tile(Optional<VideoTrack> track, Rect area) {
      this.track = track;
      this.area = area;
    }

    @Override
    public void close() {
      scaler.close();
    }
  }

  Canvas(int width, int height, Map<TrackKey, VideoTrack> tracks) throws MediaException {
    picture = Picture.allocate(width, height);
    this.tracks = tracks;
  }

  /** @return the picture at a time; times must not go back */
  Picture at(long nanos, Optional<MixPlan.Span> span) throws MediaException {
    picture.makeWritable();
    boolean rearranged = shown.isEmpty() || !shown.equals(span);
    if (rearranged) {
      arrange(span);
    }
    for (VideoTrack track : tracks.values()) {
      boolean newer = track.advanceTo(nanos);
      for (Tile tile : tiles) {
        if ((newer || rearranged) && tile.track.isPresent() && tile.track.get() == track) {
          draw(tile);
        }
      }
    }
    return picture;
  }

  private void arrange(Optional<MixPlan.Span> span) {
    closeTiles();
    shown = span;
    picture.fill(new Rect(0, 0, picture.width(), picture.height()), BACKGROUND);
    List<MixPlan.Tile> planned = span.map(MixPlan.Span::tiles).orElse(List.of());
    List<Rect> areas = Layout.grid(planned.size(), picture.width(), picture.height());
    for (int i = 0; i < planned.size(); i++) {
      tiles.add(new Tile(planned.get(i).video().map(tracks::get), areas.get(i)));
      picture.fill(inner(areas.get(i)), EMPTY_TILE);
    }
  }

  private void draw(Tile tile) throws MediaException {
    VideoTrack track = tile.track.orElseThrow();
    if (track.picture().isEmpty()) {
      return;
    }
    Picture source = track.picture().get();
    boolean sideways = track.rotationDegrees() % 180 != 0;
    Rect target = tile.area.fit(sideways ? source.height() : source.width(),
        sideways ? source.width() : source.height());
    if (!target.equals(tile.drawn)) {
      picture.fill(tile.area, BACKGROUND);
      tile.drawn = target;
    }
    tile.scaler.draw(source, track.rotationDegrees(), picture, target);
  }

  private static Rect inner(Rect area) {
    boolean tiny = Math.min(area.width(), area.height()) <= 4 * EMPTY_TILE_MARGIN;
    return tiny ? area : new Rect(area.x() + EMPTY_TILE_MARGIN, area.y() + EMPTY_TILE_MARGIN,
        area.width() - 2 * EMPTY_TILE_MARGIN, area.height() - 2 * EMPTY_TILE_MARGIN);
  }

  private void closeTiles() {
    tiles.forEach(Tile::close);
    tiles.clear();
  }

  @Override
  public void close() {
    closeTiles();
    picture.close();
  }
}

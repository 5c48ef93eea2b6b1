package dev.tapedeck.composer.core.mix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixPlanTest {

  @Test
  void cutsWhereSomebodyComesOrGoes() {
    MixPlan plan = MixPlan.of(List.of(video("a", 0, 100), video("b", 30, 60)), 100);
    assertThat(plan.spans()).containsExactly(
        new MixPlan.Span(0, 30, List.of(tile("a"))),
        new MixPlan.Span(30, 60, List.of(tile("a"), tile("b"))),
        new MixPlan.Span(60, 100, List.of(tile("a"))));
  }

  @Test
  void orderIsThatOfJoiningWhateverTheNames() {
    MixPlan plan = MixPlan.of(List.of(video("a", 20, 100), video("z", 10, 100)), 100);
    assertThat(plan.at(50).orElseThrow().tiles()).containsExactly(tile("z"), tile("a"));
  }

  @Test
  void someoneWhoComesBackHasTheOldPlace() {
    MixPlan plan = MixPlan.of(List.of(video("a", 0, 30), video("b", 10, 100), video("a", 60, 100)), 100);
    assertThat(plan.at(40).orElseThrow().tiles()).containsExactly(tile("b"));
    assertThat(plan.at(70).orElseThrow().tiles()).containsExactly(tile("a"), tile("b"));
  }

  @Test
  void voiceWithoutPictureHasAPlainTile() {
    MixPlan plan = MixPlan.of(List.of(audio("a", 0, 100), video("a", 40, 60)), 100);
    MixPlan.Tile plain = new MixPlan.Tile("a", 1, Optional.empty());
    assertThat(plan.spans()).containsExactly(new MixPlan.Span(0, 40, List.of(plain)),
        new MixPlan.Span(40, 60, List.of(tile("a"))), new MixPlan.Span(60, 100, List.of(plain)));
  }

  @Test
  void twoPicturesOfOnePersonAreTwoTiles() {
    TrackKey screen = new TrackKey("a", 1, "screen");
    MixPlan plan = MixPlan.of(List.of(video("a", 0, 100), new TrackInterval(screen, true, 50, 100)), 100);
    assertThat(plan.at(70).orElseThrow().tiles())
        .containsExactly(tile("a"), new MixPlan.Tile("a", 1, Optional.of(screen)));
  }

  @Test
  void changesNobodySeesAreNoCuts() {
    MixPlan plan = MixPlan.of(List.of(video("a", 0, 100), audio("a", 20, 50)), 100);
    assertThat(plan.spans()).hasSize(1);
  }

  @Test
  void intervalsBeyondTheEndsAreCut() {
    MixPlan plan = MixPlan.of(List.of(video("a", -50, 500)), 100);
    assertThat(plan.spans()).containsExactly(new MixPlan.Span(0, 100, List.of(tile("a"))));
    assertThat(plan.at(100)).isEmpty();
    assertThat(MixPlan.of(List.of(), 0).spans()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void spansFollowOneAnotherAndShowExactlyWhoIsThere(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      List<TrackInterval> intervals = new ArrayList<>();
      for (int i = 0; i < random.nextInt(12); i++) {
        int from = random.nextInt(90);
        intervals.add(video("p" + random.nextInt(6), from, from + random.nextInt(20)));
      }
      MixPlan plan = MixPlan.of(intervals, 100);
      long end = 0;
      for (MixPlan.Span span : plan.spans()) {
        assertThat(span.fromNanos()).as("seed %d", seed).isEqualTo(end).isLessThan(span.toNanos());
        end = span.toNanos();
      }
      assertThat(end).isEqualTo(100);
      for (long at = 0; at < 100; at++) {
        long time = at;
        assertThat(plan.at(at).orElseThrow().tiles()).as("seed %d at %d", seed, at)
            .extracting(MixPlan.Tile::peer).containsExactlyInAnyOrderElementsOf(intervals.stream()
                .filter(each -> each.fromNanos() <= time && time < each.toNanos())
                .map(each -> each.track().peer()).distinct().toList());
      }
    }
  }

  private static TrackInterval video(String peer, long from, long to) {
    return new TrackInterval(new TrackKey(peer, 1, "camera"), true, from, to);
  }

  private static TrackInterval audio(String peer, long from, long to) {
    return new TrackInterval(new TrackKey(peer, 1, "microphone"), false, from, to);
  }

  private static MixPlan.Tile tile(String peer) {
    return new MixPlan.Tile(peer, 1, Optional.of(new TrackKey(peer, 1, "camera")));
  }
}

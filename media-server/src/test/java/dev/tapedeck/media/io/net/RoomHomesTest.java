package dev.tapedeck.media.io.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RoomHomesTest {
  private final RoomHomes homes = new RoomHomes(2, 3);

  @Test
  void aRoomThatNeverBeganLeavesNothingBehind() {
    homes.hold("app", "a").close();
    assertThat(homes.size()).isZero();
    try (RoomHomes.Home home = homes.hold("app", "a")) {
      assertThat(home.worker()).as("the worker is free again").isZero();
    }
  }

  @Test
  void aRoomStaysWhereItIsUntilItIsGone() {
    try (RoomHomes.Home home = homes.hold("app", "a")) {
      homes.made(home.worker(), "app", "a");
    }
    try (RoomHomes.Home other = homes.hold("app", "b"); RoomHomes.Home same = homes.hold("app", "a")) {
      assertThat(other.worker()).isEqualTo(1);
      assertThat(same.worker()).isZero();
    }
    homes.gone("app", "a");
    assertThat(homes.size()).isZero();
  }

  /** A join that comes while the room ends must not meet the next join on another worker. */
  @Test
  void aRoomThatEndsWhileSomebodyJoinsKeepsItsWorker() {
    RoomHomes.Home first = homes.hold("app", "a");
    homes.made(first.worker(), "app", "a");
    first.close();
    RoomHomes.Home joining = homes.hold("app", "a");
    homes.gone("app", "a");
    try (RoomHomes.Home other = homes.hold("app", "b"); RoomHomes.Home second = homes.hold("app", "a")) {
      assertThat(other.worker()).isEqualTo(1);
      assertThat(second.worker()).isEqualTo(joining.worker());
    }
    homes.made(joining.worker(), "app", "a");
    joining.close();
    joining.close();
    assertThat(homes.size()).isEqualTo(1);
  }

  @Test
  void aRoomThatBeganAfterAllHadGivenUpWaitingIsKnown() {
    homes.made(1, "app", "a");
    try (RoomHomes.Home home = homes.hold("app", "a")) {
      assertThat(home.worker()).isEqualTo(1);
    }
    assertThat(homes.size()).isEqualTo(1);
  }

  @Test
  void aRoomMoreThanTheLimitGetsNoWorkerUntilAnotherHasGone() {
    List.of("a", "b", "c").forEach(room -> homes.made(0, "acme", room));

    assertThat(homes.enter("acme", "d")).isEmpty();
    assertThat(homes.enter("acme", "c")).isPresent();
    homes.gone("acme", "a");
    assertThat(homes.enter("acme", "d")).isPresent();
  }
}

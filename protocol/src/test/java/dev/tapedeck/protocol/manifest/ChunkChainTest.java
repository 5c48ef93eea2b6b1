package dev.tapedeck.protocol.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** D-14: a chain that shows every change. */
class ChunkChainTest {
  private static final String FIRST = "11".repeat(32);
  private static final String SECOND = "22".repeat(32);

  /** The links were computed with Python's hashlib. */
  @Test
  void hashesTheLinkBeforeAndTheChunk() {
    assertThat(ChunkChain.links(List.of(FIRST, SECOND))).containsExactly(
        "8878b15a7d6a3a4f464e8f9f42591dbc0cf4bedea0ec309003d2b2ee53655ef8",
        "78830000e1197790a7e1884139a65721210d642ad112e6c9899a05cb214027a5");
  }

  @Test
  void changesFromThePlaceOnWhereAChunkDiffersIsGoneOrMoved() {
    List<String> links = ChunkChain.links(List.of(FIRST, SECOND, FIRST));

    assertThat(ChunkChain.links(List.of(FIRST, SECOND))).isEqualTo(links.subList(0, 2));
    assertThat(ChunkChain.links(List.of(SECOND, FIRST, FIRST))).doesNotContainAnyElementsOf(links);
    assertThat(ChunkChain.links(List.of(FIRST, FIRST)).getLast()).isNotIn(links);
    assertThat(ChunkChain.links(List.of())).isEmpty();
  }

  @Test
  void refusesWhatIsNoHash() {
    assertThatThrownBy(() -> ChunkChain.links(List.of("11"))).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ChunkChain.links(List.of("zz".repeat(32)))).isInstanceOf(IllegalArgumentException.class);
  }
}

package dev.tapedeck.media.core.worker;

import dev.tapedeck.media.core.packet.Path;
import java.util.List;

/** A session whose client sends to our sockets, while another worker has it. */
final class AwaySession {
  final long id;

  /** The worker that has it. */
  int worker;

  List<Path> paths = List.of();
  List<Long> ufrags = List.of();

  AwaySession(long id) {
    this.id = id;
  }
}

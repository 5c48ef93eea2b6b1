package dev.tapedeck.bench.forward;

import dev.tapedeck.bench.load.LoadRun;
import dev.tapedeck.bench.load.MemoryUse;
import java.util.Optional;

/** One number of subscribers. @param memory empty if the server is no process of its own */
record ForwardRun(LoadRun load, Optional<MemoryUse> memory) {
  int subscribers() {
    return load.sessions();
  }
}

package dev.tapedeck.bench.peers.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.bench.lab.Await;
import org.junit.jupiter.api.Test;

class ProcessTreeTest {
  @Test
  void holdsAProcessAndItsChildren() throws Exception {
    Process shell = new ProcessBuilder("sh", "-c", "sleep 600 & wait").start();
    try {
      ProcessTree tree = new ProcessTree(shell.pid());
      Await.until("the shell's child", tree::pids, pids -> pids.size() == 2);

      assertThat(tree.pids().getFirst()).isEqualTo(shell.pid());
      assertThat(tree.residentBytes()).isPositive();
      assertThat(tree.contextSwitches()).isPositive();
    } finally {
      shell.descendants().forEach(ProcessHandle::destroy);
      shell.destroy();
    }
  }

  @Test
  void countsTheTimeOfItsOwnProcess() throws Exception {
    ProcessTree own = new ProcessTree(ProcessHandle.current().pid());
    long before = own.cpuMicros();

    Await.until("a tick of CPU time", own::cpuMicros, micros -> micros > before);
  }
}

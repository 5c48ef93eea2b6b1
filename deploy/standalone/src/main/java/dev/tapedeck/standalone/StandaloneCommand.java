package dev.tapedeck.standalone;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code tapedeck standalone}: the server for people, until Ctrl-C. */
@Command(name = "standalone", mixinStandardHelpOptions = true,
    description = "Runs everything in one place and prints links to the meeting and recordings pages.",
    footer = "Every setting of media server and connector is a flag too, such as --media.port=40000.")
final class StandaloneCommand implements Callable<Integer> {
  @Option(names = "--data", paramLabel = "DIR", description = "Folder of everything that outlives the process (data).")
  private String data = "data";

  @Option(names = "--room", paramLabel = "NAME", description = "Room of the printed invite links (lobby).")
  private String room = "lobby";

  @Option(names = "--crypto", paramLabel = "NAME",
      description = "SRTP back end: ipsec-mb, libcrypto or portable (the first of these that works here).")
  private String crypto;

  @Option(names = "--demo", description = "Adds synthetic participants, so that the pages show life.")
  private boolean demo;

  @Option(names = "--participants", paramLabel = "N", description = "How many of them (3).")
  private int participants = 3;

  @Unmatched
  private List<String> settings = new ArrayList<>();

  @Spec
  private CommandSpec command;

  @Override
  public Integer call() throws Exception {
    if (participants < 1 || participants > DemoClips.MAX_PARTICIPANTS) {
      throw new RefusedException("--participants is " + participants + "; give 1 to " + DemoClips.MAX_PARTICIPANTS);
    }
    List<String> all = new ArrayList<>(settings);
    all.add("--data=" + data);
    if (crypto != null) {
      all.add("--media.crypto=" + crypto);
    }
    try (Shutdown shutdown = new Shutdown(); Standalone server = Standalone.start(all)) {
      server.awaitComposer();
      print(server);
      if (demo) {
        try (DemoLife life =
            DemoLife.start(server, Path.of(data, "demo-clips"), room, participants, DemoLife.Rhythm.USUAL)) {
          shutdown.await();
        }
      } else {
        shutdown.await();
      }
    }
    return 0;
  }

  private void print(Standalone server) {
    URI origin = server.origin();
    Links links = new Links(server);
    String app = server.defaultApp();
    command.commandLine().getOut().printf("""
        Tapedeck is running on %s

          Meeting, recorded      %s
          Meeting, not recorded  %s
          Recordings             %s

          A token by API         curl -X POST %s/token/whip -H "Authorization: Bearer $(sed -n "s/^app = //p" %s)" \\
                                   -H 'Content-Type: application/json' \\
                                   -d '{"room":"%s","peer":"me","ttl":3600,"record":true}'
          App                    %s
          Data                   %s

        Ctrl-C stops it and loses nothing.
        """, origin, links.invite(room, true), links.invite(room, false), links.recordings(), origin,
        data + "/secrets", room, app, data);
    command.commandLine().getOut().flush();
  }
}

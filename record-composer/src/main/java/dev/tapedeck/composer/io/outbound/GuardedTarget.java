package dev.tapedeck.composer.io.outbound;

import dev.tapedeck.composer.io.job.OutputTarget;
import dev.tapedeck.protocol.outbound.OutboundPolicy;
import dev.tapedeck.protocol.outbound.OutboundRefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;

/** A target that a caller named: its address is checked before each use, and again where it is connected to. */
public final class GuardedTarget implements OutputTarget {
  private final OutputTarget target;
  private final String url;
  private final OutboundPolicy policy;

  /** @param url what {@code target} will connect to, host as it will be resolved */
  public GuardedTarget(OutputTarget target, String url, OutboundPolicy policy) {
    this.target = target;
    this.url = url;
    this.policy = policy;
  }

  /** Whether the policy opens this URL, by the addresses its name has now. */
  public static void check(String url, OutboundPolicy policy) throws OutboundRefusedException {
    policy.check(url, host -> List.of(InetAddress.getAllByName(host)));
  }

  @Override
  public String put(String name, Path file, String contentType) throws IOException {
    try {
      check(url, policy);
    } catch (OutboundRefusedException e) {
      throw new IOException("custom_s3: " + e.getMessage(), e);
    }
    return GuardedResolver.guarded(policy, () -> target.put(name, file, contentType));
  }

  @Override
  public void finish() throws IOException {
    GuardedResolver.<Void, IOException>guarded(policy, () -> {
      target.finish();
      return null;
    });
  }

  @Override
  public void close() throws IOException {
    target.close();
  }
}

package dev.tapedeck.proofs.lab;

import dev.tapedeck.bench.lab.Lab;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests that kill nothing one deployment with a composer and a backend's webhook, made once per run, and the
 * recording that was made in it while the store refused.
 */
public final class SharedLab implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(SharedLab.class);

  /** The deployment and the webhook of {@link Lab#APP}. */
  private record Deployment(Lab lab, HookReceiver hooks) implements AutoCloseable {
    static Deployment start() {
      HookReceiver hooks = new HookReceiver();
      Lab lab = Lab.start("shared", Map.of(
          "hooks.backend.app", Lab.APP, "hooks.backend.url", hooks.url(), "hooks.backend.secret", HookReceiver.SECRET),
          Map.of());
      lab.startComposer();
      return new Deployment(lab, hooks);
    }

    @Override
    public void close() {
      lab.close();
      hooks.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    Class<?> type = parameter.getParameter().getType();
    return type == Lab.class || type == HookReceiver.class || type == RefusedMeeting.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    ExtensionContext.Store run = test.getRoot().getStore(NAMESPACE);
    Deployment deployment =
        run.computeIfAbsent(Deployment.class, type -> Deployment.start(), Deployment.class);
    Class<?> type = parameter.getParameter().getType();
    if (type == Lab.class) {
      return deployment.lab();
    }
    return type == HookReceiver.class ? deployment.hooks()
        : run.computeIfAbsent(RefusedMeeting.class, key -> RefusedMeeting.hold(deployment.lab()), RefusedMeeting.class);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.http;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checks behind one probe. They can be added while the probe is being asked, since the listener
 * starts before most of the parts that it reports on. Safe for use by many threads.
 */
public final class Checks implements Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(Checks.class);

  private final String probe;
  private final List<Check> checks = new CopyOnWriteArrayList<>();

  /**
   * One check.
   *
   * @param name short, for example {@code informers}
   * @param failure a sentence that names the problem, or empty; must return at once
   */
  public record Check(String name, Supplier<Optional<String>> failure) {}

  /** Checks for the probe of this name; without checks, it passes. */
  public Checks(String probe) {
    this.probe = probe;
  }

  /** Adds a check. */
  public void add(String name, Supplier<Optional<String>> failure) {
    checks.add(new Check(name, failure));
  }

  /**
   * 200 or 503, with a line for each check when one fails or the query has {@code verbose}, in the
   * form of the API server's own probes.
   */
  @Override
  public Response answer(Request request) {
    StringBuilder lines = new StringBuilder();
    boolean pass = true;
    for (Check check : checks) {
      Optional<String> failure = failure(check);
      pass &= failure.isEmpty();
      lines.append(failure.isEmpty() ? "[+]" : "[-]").append(check.name());
      lines.append(failure.map(sentence -> " failed: " + sentence).orElse(" ok")).append('\n');
    }
    if (pass && !request.query().containsKey("verbose")) {
      return Response.text(200, "ok\n");
    }
    lines.append(probe).append(pass ? " check passed\n" : " check failed\n");
    return Response.text(pass ? 200 : 503, lines.toString());
  }

  private static Optional<String> failure(Check check) {
    try {
      return check.failure().get();
    } catch (RuntimeException e) {
      LOG.error("Check {} threw an exception", check.name(), e);
      return Optional.of("the check itself failed: " + e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

/** Creates plug-in workers, each on its own thread from its constructor on. */
final class PluginWorkers {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");

  private PluginWorkers() {}

  /** A created worker with the name and order that it reports. */
  private record Made(QosWorker worker, String name, int order) {}

  /**
   * A worker that cannot be created, or whose name is not allowed, is replaced by one that fails to
   * start.
   *
   * @param taken names of other workers; its own is added
   */
  static ManagedWorker managed(
      Plugins.Candidate candidate,
      Set<String> taken,
      Duration deadline,
      WorkerObserver observer,
      TimeSource time) {
    PluginThread thread =
        PluginThread.create(candidate.from(), candidate.classes(), deadline, time);
    try {
      Made made = thread.call("constructor", () -> make(candidate));
      checkName(made.name(), taken);
      taken.add(made.name());
      return new ManagedWorker(
          made.worker(),
          new ManagedWorker.Identity(made.name(), made.order(), true),
          thread,
          observer,
          time);
    } catch (WorkerFailure failure) {
      thread.shutdown();
      return unloadable(
          candidate,
          failure.thrown() instanceof PluginProblem problem
              ? problem
              : new PluginProblem(failure.getMessage(), failure.getCause()),
          taken,
          observer,
          time);
    } catch (PluginProblem problem) {
      thread.shutdown();
      return unloadable(candidate, problem, taken, observer, time);
    }
  }

  private static Made make(Plugins.Candidate candidate) throws Exception {
    QosWorker worker = candidate.make().call();
    return new Made(worker, worker.name(), worker.order());
  }

  private static void checkName(String name, Set<String> taken) {
    if (name == null || !NAME.matcher(name).matches()) {
      throw new PluginProblem(
          "its name \""
              + name
              + "\" is not allowed; allowed are a lower case letter and at most 39 lower case letters,"
              + " digits and dashes");
    }
    if (taken.contains(name)) {
      throw new PluginProblem("its name \"" + name + "\" belongs to another worker");
    }
  }

  private static ManagedWorker unloadable(
      Plugins.Candidate candidate,
      PluginProblem problem,
      Set<String> taken,
      WorkerObserver observer,
      TimeSource time) {
    String name = candidate.from();
    for (int i = 2; !taken.add(name); i++) {
      name = candidate.from() + " (" + i + ")";
    }
    UnloadablePlugin standIn = new UnloadablePlugin(name, problem);
    return new ManagedWorker(
        standIn,
        new ManagedWorker.Identity(name, standIn.order(), true),
        WorkerInvoker.INLINE,
        observer,
        time);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.config.ControllerSettings;
import io.nodeqos.config.SettingsException;
import io.nodeqos.config.SettingsLoader;
import io.nodeqos.config.SettingsLoader.Loaded;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings in force: reread while the process runs, so that an edit of the file takes effect
 * where that is safe. An invalid edit has no effect. A component that follows a setting calls
 * {@link #get} each time, or listens; all others keep the values of the start.
 *
 * <p>{@link #get} is for any thread, {@link #check} for one.
 */
public final class LiveSettings implements Supplier<ControllerSettings> {
  private static final Logger LOG = LoggerFactory.getLogger(LiveSettings.class);

  private final SettingsLoader loader;
  private final Loaded atStart;
  private final List<Consumer<ControllerSettings>> listeners = new CopyOnWriteArrayList<>();
  private volatile Loaded inForce;
  private volatile List<String> refused = List.of();
  private volatile Set<String> waitForRestart = Set.of();
  private List<String> suspected = List.of();

  private LiveSettings(SettingsLoader loader, Loaded atStart) {
    this.loader = loader;
    this.atStart = atStart;
    this.inForce = atStart;
  }

  /**
   * Reads the settings for the first time.
   *
   * @throws SettingsException with every mistake
   */
  public static LiveSettings load(SettingsLoader loader) throws SettingsException {
    return new LiveSettings(loader, loader.load());
  }

  @Override
  public ControllerSettings get() {
    return inForce.settings();
  }

  /** Calls the listener with the settings after each change of one that takes effect at once. */
  void listen(Consumer<ControllerSettings> listener) {
    listeners.add(listener);
  }

  /** The mistakes of the latest edit; empty when there are none. */
  List<String> refused() {
    return refused;
  }

  /** Keys of settings that have changed since the start and do not take effect before a restart. */
  Set<String> waitForRestart() {
    return waitForRestart;
  }

  /** The result of a check of the file. */
  enum Check {
    UNCHANGED,
    APPLIED,
    REFUSED
  }

  /** Reads the settings again and applies the changes. */
  Check check() {
    Loaded now;
    try {
      now = loader.load();
    } catch (SettingsException e) {
      return refuse(e.problems());
    }
    if (!refused.isEmpty()) {
      LOG.info("Settings file is valid again");
    }
    suspected = List.of();
    refused = List.of();
    Set<String> changed = now.changedFrom(inForce);
    if (changed.isEmpty()) {
      return Check.UNCHANGED;
    }
    take(now, changed);
    return Check.APPLIED;
  }

  /**
   * Logs a mistake once, and not before it is seen a second time: a file may be read while it is
   * being written.
   */
  private Check refuse(List<String> problems) {
    if (problems.equals(refused)) {
      return Check.UNCHANGED;
    }
    if (!problems.equals(suspected)) {
      suspected = problems;
      return Check.UNCHANGED;
    }
    refused = problems;
    problems.forEach(
        problem ->
            LOG.error("Settings change rejected, keeping the previous settings: {}", problem));
    return Check.REFUSED;
  }

  private void take(Loaded now, Set<String> changed) {
    Loaded before = inForce;
    inForce = now;
    Set<String> live = SettingsLoader.liveKeys();
    Set<String> late = new TreeSet<>(now.changedFrom(atStart));
    late.removeAll(live);
    waitForRestart = Set.copyOf(late);
    Set<String> atOnce = new TreeSet<>(changed);
    atOnce.retainAll(live);
    if (!atOnce.isEmpty()) {
      LOG.info("Settings changed: {}", differences(atOnce, before, now));
      listeners.forEach(listener -> tell(listener, now.settings()));
    }
    Set<String> newlyLate = new HashSet<>(changed);
    newlyLate.retainAll(late);
    if (!newlyLate.isEmpty()) {
      LOG.warn(
          "Settings changed, effective after a restart: {}", differences(newlyLate, atStart, now));
    }
  }

  /** A failing listener does not keep the others from the change. */
  private static void tell(Consumer<ControllerSettings> listener, ControllerSettings settings) {
    try {
      listener.accept(settings);
    } catch (RuntimeException defect) {
      LOG.error("Component failed to apply the changed settings", defect);
    }
  }

  private static String differences(Set<String> keys, Loaded before, Loaded now) {
    List<String> texts = new ArrayList<>();
    for (String key : new TreeSet<>(keys)) {
      texts.add(key + " " + before.values().get(key) + " -> " + now.values().get(key));
    }
    return String.join(", ", texts);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.LeaseResult;
import io.nodeqos.election.LeaseState;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A state as text: two states with the same text go on alike. Times count as ages, versions and
 * epochs from the newest one, and an age beyond every limit of the election is as good as any
 * other. Reads the fields of the classes of the election, so that a field that is added to one of
 * them is part of the state at once.
 */
final class StateText {
  /** Longer than every duration of {@link ElectionSettings#defaults()}. */
  private static final long OLD = Duration.ofSeconds(17).toNanos();

  private static final Set<String> TIMES =
      Set.of(
          "inheritedAt",
          "sentAt",
          "takenAt",
          "renewedAt",
          "heardAt",
          "lastHeldSince",
          "since",
          "standBackFrom",
          "nanos");
  private static final Set<String> EPOCHS = Set.of("epoch", "transitions");
  private static final Set<String> VERSIONS = Set.of("confirmed", "version", "resourceVersion");

  /**
   * What decides nothing: constants, texts for the log, the wiring, what is described elsewhere,
   * and times that are only passed on.
   */
  private static final Set<String> IGNORED =
      Set.of(
          "identity",
          "settings",
          "time",
          "validity",
          "what",
          "salt",
          "sentence",
          "ended",
          "requests",
          "drafts",
          "sanitizer",
          "watch",
          "outcome",
          "changes",
          "document",
          "acquireTime",
          "renewTime",
          "leaseDuration",
          "facts",
          "closedToNewWork");

  private final StringBuilder text = new StringBuilder();
  private final long nanos;
  private final Instant wall;
  private final long newestVersion;
  private final long newestEpoch;

  StateText(long nanos, Instant wall, long newestVersion, long newestEpoch) {
    this.nanos = nanos;
    this.wall = wall;
    this.newestVersion = newestVersion;
    this.newestEpoch = newestEpoch;
  }

  StateText add(Object value) {
    text.append(value).append(' ');
    return this;
  }

  StateText time(long value) {
    return add(Math.min(OLD, nanos - value));
  }

  private StateText wallTime(Instant value) {
    long age = Duration.between(value, wall).toNanos();
    return add(Math.max(-OLD, Math.min(OLD, age)));
  }

  StateText version(String value) {
    return add(value == null ? "none" : newestVersion - Long.parseLong(value));
  }

  private StateText epoch(long value) {
    return add(newestEpoch - value);
  }

  StateText state(LeaseState state) {
    return state == null
        ? add("absent")
        : version(state.resourceVersion()).add(state.holder()).epoch(state.spec().transitions());
  }

  StateText request(LeaseRequests.Request request) {
    add(request.getClass().getSimpleName());
    if (request instanceof LeaseRequests.Take take) {
      state(take.state());
    } else if (request instanceof LeaseRequests.Renew renew) {
      state(renew.state());
    } else if (request instanceof LeaseRequests.Release release) {
      state(release.state());
    }
    return this;
  }

  StateText result(LeaseResult result) {
    if (result instanceof LeaseResult.Ok ok) {
      return state(ok.state());
    }
    return add(result == null ? "under way" : result.getClass().getSimpleName());
  }

  /** All fields of an object of the election, and of those that it holds. */
  StateText object(Object object) {
    if (object instanceof LeaseState state) {
      return state(state);
    }
    for (Field field : object.getClass().getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers()) && !IGNORED.contains(field.getName())) {
        field(field.getName(), value(field, object));
      }
    }
    return this;
  }

  private void field(String name, Object value) {
    if (value instanceof Long number) {
      if (TIMES.contains(name)) {
        time(number);
      } else if (EPOCHS.contains(name)) {
        epoch(number);
      } else {
        throw new IllegalStateException("what is " + name + "?");
      }
    } else if (VERSIONS.contains(name)) {
      version((String) value);
    } else if (value instanceof Instant instant) {
      wallTime(instant);
    } else if (value == null
        || value instanceof Boolean
        || value instanceof Integer
        || value instanceof Duration) {
      add(value);
    } else {
      object(value);
    }
  }

  /** How many versions the view of a hold has adopted. */
  static long changes(LeaseHold hold) {
    return (long) value(declared(LeaseView.class, "changes"), view(hold));
  }

  private static Object view(LeaseHold hold) {
    return value(declared(LeaseHold.class, "view"), hold);
  }

  private static Field declared(Class<?> owner, String name) {
    try {
      return owner.getDeclaredField(name);
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object value(Field field, Object object) {
    try {
      field.setAccessible(true);
      Object value = field.get(object);
      if (value instanceof OptionalLong optional) {
        return optional.isPresent() ? (Object) optional.getAsLong() : null;
      }
      return value instanceof Optional<?> optional ? optional.orElse(null) : value;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}

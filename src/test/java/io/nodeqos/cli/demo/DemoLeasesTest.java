// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.cli.demo.DemoLeases.Held;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DemoLeasesTest {

  private final DemoLeases leases = new DemoLeases();

  @Test
  void onlyChangesOfTheHolderAreKept() {
    leases.listed(List.of());
    leases.changed("ADDED", lease("a", 1, 5));
    leases.changed("MODIFIED", lease("a", 1, 6));
    leases.changed("MODIFIED", lease("b", 2, 7));
    leases.changed("MODIFIED", lease("b", 2, 8));

    assertEquals(List.of(new Held("a", 1, 5), new Held("b", 2, 7)), leases.seen());
    assertEquals(Optional.of(new Held("b", 2, 7)), leases.current());
  }

  @Test
  void releaseFreesTheLease() {
    leases.changed("ADDED", lease("a", 1, 5));
    leases.changed("MODIFIED", lease(null, 1, 6));

    assertEquals(Optional.empty(), leases.current(), "there is no leader");

    leases.changed("MODIFIED", lease("a", 2, 7));
    assertEquals(
        List.of(new Held("a", 1, 5), new Held("", 1, 6), new Held("a", 2, 7)), leases.seen());
  }

  @Test
  void sameHolderInANewEpochIsAChange() {
    leases.changed("ADDED", lease("a", 1, 5));
    leases.changed("MODIFIED", lease("a", 2, 6));

    assertEquals(Optional.of(new Held("a", 2, 6)), leases.current());
  }

  @Test
  void deletedLeaseIsFreeAndAnotherLeaseDoesNotMatter() {
    leases.changed("ADDED", lease("a", 1, 5));
    JsonObject other = lease("x", 9, 6);
    other.getAsJsonObject("metadata").addProperty("name", "other");
    leases.changed("ADDED", other);

    assertEquals(Optional.of(new Held("a", 1, 5)), leases.current());
    leases.changed("DELETED", lease("a", 1, 7));
    assertEquals(Optional.empty(), leases.current());
  }

  private static JsonObject lease(String holder, long transitions, long version) {
    JsonObject lease =
        JsonParser.parseString(
                """
                {"metadata": {"name": "%s", "resourceVersion": "%d"},
                 "spec": {"leaseTransitions": %d}}
                """
                    .formatted(DemoLeases.NAME, version, transitions))
            .getAsJsonObject();
    if (holder != null) {
      lease.getAsJsonObject("spec").addProperty("holderIdentity", holder);
    }
    return lease;
  }
}

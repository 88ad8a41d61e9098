// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Leases as leader election uses them. */
abstract class LeaseContract extends Contract {
  private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
  private static final String TIME = "2026-01-02T03:04:05.000006Z";

  private static String lease(String name, String spec) {
    return json(
        "{'kind':'Lease','apiVersion':'coordination.k8s.io/v1','metadata':{'name':'%s'},"
            + "'spec':{%s}}",
        name, spec);
  }

  private Answer createLease(String spec) {
    return create(LEASES, lease(unique("lease"), spec));
  }

  @Test
  void leaseKeepsItsMicroseconds() {
    Answer created =
        createLease(
            json(
                "'holderIdentity':'me','leaseDurationSeconds':15,'leaseTransitions':2,"
                    + "'renewTime':'%s','acquireTime':'2026-01-02T03:04:05.000000Z'",
                TIME));

    assertEquals(TIME, created.at("spec", "renewTime"));
    assertEquals("2026-01-02T03:04:05.000000Z", created.at("spec", "acquireTime"));
    assertEquals("15", created.at("spec", "leaseDurationSeconds"));
    assertEquals("2", created.at("spec", "leaseTransitions"));
  }

  @Test
  void renewTimeInAnotherZoneIsGivenBackInUtc() {
    Answer created = createLease(json("'renewTime':'2026-01-02T05:04:05.000006+02:00'"));

    assertEquals(TIME, created.at("spec", "renewTime"));
  }

  @Test
  void onlyTheFirstOfTwoCandidatesWithTheSameVersionTakesTheLease() {
    Answer free = createLease("");
    String path = LEASES + "/" + free.name();

    Answer taken = api().put(path, with(free, json("{'spec':{'holderIdentity':'one'}}")));
    Answer refused = api().put(path, with(free, json("{'spec':{'holderIdentity':'two'}}")));

    assertEquals("one", taken.expect(200).at("spec", "holderIdentity"));
    assertEquals("Conflict", refused.expect(409).at("reason"));
    assertEquals("one", api().get(path).at("spec", "holderIdentity"));
  }

  @Test
  void everyRenewalGivesANewVersion() {
    Answer first = createLease(json("'renewTime':'%s'", TIME));

    Answer second =
        api()
            .put(
                LEASES + "/" + first.name(),
                with(first, json("{'spec':{'renewTime':'2026-01-02T03:04:06.000006Z'}}")))
            .expect(200);

    assertEquals(
        1, Long.signum(Long.parseLong(second.version()) - Long.parseLong(first.version())));
  }

  @Test
  void unparsableRenewTimeIsABadRequest() {
    api().post(LEASES, lease(unique("lease"), json("'renewTime':'yesterday'"))).expect(400);
  }

  @Test
  void negativeLeaseDurationIsInvalid() {
    api().post(LEASES, lease(unique("lease"), json("'leaseDurationSeconds':-1"))).expect(422);
  }
}

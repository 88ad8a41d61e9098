// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.leader;

import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.LeadershipListener;
import io.nodeqos.reconcile.EventPublisher;
import io.nodeqos.reconcile.fleet.FleetIndex;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports the start and the end of each term as events; the election logs both. */
public final class LeaderReport implements LeadershipListener {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderReport.class);

  private final FleetIndex fleet;
  private final EventPublisher events;

  public LeaderReport(FleetIndex fleet, EventPublisher events) {
    this.fleet = fleet;
    this.events = events;
  }

  @Override
  public void leading(LeaderTerm term) {
    LOG.info("Nodes by phase at the start of the term, epoch={}: {}", term.epoch(), fleet.phases());
    events.leaderChanged(
        term.epoch(), "Leads since " + term.since().truncatedTo(ChronoUnit.SECONDS) + ".");
  }

  @Override
  public void stopped(LeaderTerm term, String reason) {
    events.leaderChanged(term.epoch(), "No longer leads: " + reason + ".");
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

/** A worker threw, or did not answer in time. The message is a clause that starts with the call. */
final class WorkerFailure extends Exception {
  private final boolean called;

  private WorkerFailure(String clause, Throwable thrown, boolean called) {
    super(clause, thrown);
    this.called = called;
  }

  static WorkerFailure thrown(String what, Throwable thrown) {
    return new WorkerFailure(what + ": " + thrown, thrown, true);
  }

  static WorkerFailure unanswered(String clause) {
    return new WorkerFailure(clause, null, true);
  }

  /** Because of {@link WorkerInvoker#unavailable}, which gives the reason. */
  static WorkerFailure notCalled(String clause) {
    return new WorkerFailure(clause, null, false);
  }

  /** False when it is only a consequence of an earlier failure. */
  boolean wasCalled() {
    return called;
  }

  /** The exception of the worker, else this exception itself. */
  Throwable thrown() {
    return getCause() == null ? this : getCause();
  }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** Calls the methods of one worker. Thread-safe. */
interface WorkerInvoker {
  /**
   * Calls and waits for the answer.
   *
   * @param what the method, for messages
   * @throws WorkerFailure when the call throws or does not answer in time
   */
  <T> T call(String what, Callable<T> call) throws WorkerFailure;

  /**
   * Calls, after all earlier calls and before all later ones, without waiting for a call that could
   * take time.
   */
  void submit(String what, Runnable call, Consumer<WorkerFailure> failed);

  /** Why no call can be made now, as a clause; empty when one can. */
  Optional<String> unavailable();

  /** There are no more calls. */
  void shutdown();

  /** On the thread of the caller: for built-in workers. */
  WorkerInvoker INLINE =
      new WorkerInvoker() {
        @Override
        public <T> T call(String what, Callable<T> call) throws WorkerFailure {
          try {
            return call.call();
          } catch (Exception | LinkageError thrown) {
            throw WorkerFailure.thrown(what, thrown);
          }
        }

        @Override
        public void submit(String what, Runnable call, Consumer<WorkerFailure> failed) {
          try {
            call.run();
          } catch (RuntimeException | LinkageError thrown) {
            failed.accept(WorkerFailure.thrown(what, thrown));
          }
        }

        @Override
        public Optional<String> unavailable() {
          return Optional.empty();
        }

        @Override
        public void shutdown() {
          // The threads belong to the callers.
        }
      };
}

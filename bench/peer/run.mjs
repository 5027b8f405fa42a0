/** One run of an operation, as harness/contender.h has it. */
export class Run {
  rows = 0;
  bytes = 0;
  seconds = 0;
  cpu = 0;
  #now = 0;
  #began;
  #cpuBefore;

  /** Without an answer only time counts. */
  constructor(number, answer = null) {
    this.number = number;
    this.answer = answer;
    // All contenders write the same times.
    Date.now = () => this.#now;
  }

  /** The time from now on. */
  set now(now) { this.#now = now; }

  go() {
    this.#cpuBefore = process.cpuUsage();
    this.#began = process.hrtime.bigint();
  }

  stop() {
    this.seconds += Number(process.hrtime.bigint() - this.#began) / 1e9;
    const { user, system } = process.cpuUsage(this.#cpuBefore);
    this.cpu += (user + system) / 1e6;
  }

  async time(work) {
    this.go();
    const result = await work();
    this.stop();
    return result;
  }

  result() {
    const { seconds, cpu, rows, bytes, answer } = this;
    return { seconds, cpu, rows, bytes, ...(answer && { answer }) };
  }
}

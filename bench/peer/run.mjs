/** One run of an operation, as harness/contender.h has it. */
export class Run {
  rows = 0;
  bytes = 0;
  seconds = 0;
  cpu = 0;
  #now = 0;

  /** Without an answer only time counts. */
  constructor(number, answer = null) {
    this.number = number;
    this.answer = answer;
    // All contenders write the same times.
    Date.now = () => this.#now;
  }

  /** The time from now on. */
  set now(now) { this.#now = now; }

  async time(work) {
    const cpu = process.cpuUsage();
    const began = process.hrtime.bigint();
    const result = await work();
    this.seconds += Number(process.hrtime.bigint() - began) / 1e9;
    const { user, system } = process.cpuUsage(cpu);
    this.cpu += (user + system) / 1e6;
    return result;
  }

  result() {
    const { seconds, cpu, rows, bytes, answer } = this;
    return { seconds, cpu, rows, bytes, ...(answer && { answer }) };
  }
}

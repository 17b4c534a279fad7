package main

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"syscall"
	"time"

	"github.com/cedar-policy/cedar-go"
)

type workload struct {
	Name string `json:"name"`
	// Policies in Cedar's language, by user.
	Cedar    map[string]string `json:"cedar"`
	Requests []question        `json:"requests"`
	Seconds  float64           `json:"seconds"`
}

type answer struct {
	Name        string  `json:"name"`
	Nanoseconds float64 `json:"nanoseconds"`
	Allowed     []bool  `json:"allowed"`
}

// measureAll decides the workloads of the policy benchmark: JSON in, JSON out.
func measureAll() {
	var workloads []workload
	if err := json.NewDecoder(os.Stdin).Decode(&workloads); err != nil {
		fail(err)
	}
	answers := make([]answer, 0, len(workloads))
	for _, work := range workloads {
		answers = append(answers, measure(work))
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		fail(err)
	}
}

// measure times decisions alone: the requests are made beforehand.
func measure(work workload) answer {
	sets := policySets(work.Cedar)
	requests := make([]cedar.Request, len(work.Requests))
	for index, one := range work.Requests {
		request, err := requestOf(one)
		if err != nil {
			fail(fmt.Errorf("%s: %w", work.Name, err))
		}
		requests[index] = request
	}
	allowed := make([]bool, len(requests))
	durations := []float64{}
	for started := time.Now(); len(durations) == 0 || time.Since(started).Seconds() < work.Seconds; {
		pass := processorTime()
		for index, request := range requests {
			decision, _ := cedar.Authorize(sets[work.Requests[index].User], nothing, request)
			allowed[index] = bool(decision)
		}
		durations = append(durations, float64(processorTime()-pass)/float64(len(requests)))
	}
	sort.Float64s(durations)
	return answer{Name: work.Name, Nanoseconds: durations[len(durations)/2], Allowed: allowed}
}

// processorTime is what the process has used so far, in nanoseconds.
func processorTime() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		fail(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

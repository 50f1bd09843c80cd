plans-yours = Your plans
plans-browse = Browse plans
plans-beginner = Beginner
plans-intermediate = Intermediate
plans-advanced = Advanced
plans-missed-shift = Missed a day? Everything moves on by a day. You skip nothing.
plans-missed-skip = Missed a day? That workout is left out, and you go on with the next one.
plans-missed-repeat = Missed a day? The workout takes the next training day, and the others follow.
plans-a-month = a month
plans-a-year = a year
plans-every-month = every month
plans-every-year = every year
plans-every-months = every { $count } months
plans-free = Free
plans-not-sold = Not sold in your region
plans-schedule = { $weeks } { $weeks ->
        [one] week
       *[other] weeks
    }, { $sessions } { $sessions ->
        [one] session
       *[other] sessions
    } a week
plans-by = by { $name }
plans-no-equipment = No equipment
plans-not-loaded = We could not load the plans.
plans-found = { $count } { $count ->
        [one] plan
       *[other] plans
    }
plans-found-so-far = { $count } { $count ->
        [one] plan
       *[other] plans
    } so far
plans-no-match = No plan matches
plans-no-match-advice = Remove a filter, or search for another word.
clear-filters = Clear filters
plans-none = No plans yet
plans-none-advice = When a trainer publishes a plan, it appears here. Until then, you can write your own workouts.
plans-write-workout = Write a workout
plans-trainer-gone = Trainer not found.
plans-trainer-gone-advice = This profile is no longer public. You can still see all plans.
plans-all = All plans
plans-speaks = Speaks
plans-good-at = Good at
plans-gone = Plan not found.
plans-gone-advice = It may no longer be offered. See what else there is.
plans-start = Start this plan
plans-subscribe = Subscribe for { $price }
plans-tax = Includes { $percent } tax ({ $amount }).
plans-renews = Renews { $period }. Cancel with one click; you keep access until the paid period ends.
plans-free-terms = No card needed. Leave whenever you like.
plans-not-sold-advice = Choose another region if you live there, or pick a free plan.
plans-workouts = What you will do
plans-rounds = { $total } { $total ->
        [one] workout
       *[other] workouts
    } in all.
plans-rounds-one = { $total } { $total ->
        [one] workout
       *[other] workouts
    } in all: these come again from the first.
plans-rounds-many = { $total } { $total ->
        [one] workout
       *[other] workouts
    } in all: these { $different } in order, then again from the first.
plans-preview = Preview
plans-size = { $sets }, about { $minutes } min
plans-locked = The exercises open when you subscribe.
plans-workout-gone = This workout could not be loaded.
plans-enrolled = You are on this plan
plans-other-version = You follow version { $number }. Below is version { $offered }, which is offered now.
plans-position = Workout { $number } of { $of }
plans-week = Week { $week } of { $of }
start-workout = Start workout
plans-due-today = Due today
plans-due-tomorrow = Due tomorrow
plans-due-on = Due on { $day }
plans-due-since = Due since { $day }
plans-leave = Leave this plan
plans-leave-question = Leave this plan? Your sessions stay. A paid subscription goes on until you cancel it.
plans-stay = Stay
plans-left = You have left the plan.
plans-started = You are in. Your first workout is ready.
plans-pending = Your payment is not finished
plans-pending-advice = The plan starts with your first payment.
plans-continue-payment = Continue to payment
plans-completed = You finished this plan. Start it again whenever you like.
plans-start-again = Start again
plans-home-empty = Follow a coach, week by week.
plans-withdrawn = A plan that is no longer offered
plans-missed = { $count } missed
plans-up-next = Next: { $workout }
show-more = Show more
region-us = United States
region-eu = European Union
region-russia = Russia
region-elsewhere = Elsewhere
back-plans = ← All plans
plans-subtitle = Pick a plan. Follow it week by week. Kinelog counts and coaches every session.
plans-trainer =
    .aria-label = About the trainer
filter-and-sort =
    .aria-label = Filter and sort
plans-filter = Filter and sort
plans-search = Search
plans-level = Level
any = Any
plans-equipment = Equipment
plans-trainer-speaks = Trainer speaks
plans-any-language = Any language
plans-price = Price
plans-paid = Paid
sort-by = Sort by
plans-newest = Newest
plans-by-title = Title
plans-shortest = Shortest
plans-prices-for = Prices for
plans-list =
    .aria-label = Plans
plan = Plan
plan-offer =
    .aria-label = Start
page-plans = Plans · Kinelog
about-plans =
    .content = Training plans on Kinelog: search, filter, and start one.
page-plan = Plan · Kinelog
about-plan =
    .content = A training plan on Kinelog: its workouts, weeks and price.
plans-billing = Your subscriptions and payments
plans-programs = Your own programs
plans-editor = Write a plan
plans-studio = Your videos
equipment-barbell = Barbell
equipment-bench = Bench
equipment-box = Box
equipment-cable = Cable
equipment-pommel_horse = Pommel horse
equipment-dumbbells = Dumbbells
equipment-kettlebell = Kettlebell
equipment-mat = Mat
equipment-pull_up_bar = Pull-up bar
equipment-resistance_band = Resistance band
speciality-beginners = Beginners
speciality-calisthenics = Calisthenics
speciality-conditioning = Conditioning
speciality-mobility = Mobility
speciality-powerlifting = Powerlifting
speciality-rehabilitation = Rehabilitation
speciality-strength = Strength
speciality-weight_loss = Weight loss
plans-try = Try it free for { $days } { $days ->
        [one] day
       *[other] days
    }
plans-trial-terms = You need no card to begin. If you add a payment method, it costs { $price } after the trial; otherwise it ends by itself.
plans-trial-withheld = This plan has a free trial, but you cannot have it now, because a subscription of yours is not paid.
plans-trial-withheld-until = This plan has a free trial, but you can have it only from { $day }, because a subscription of yours ended without being paid.
plans-trial-coupon = I have a coupon for after the trial
plans-trial-started = Your free trial began. Your first workout is ready.

billing-ends = Canceled. You keep access until { $day }.
billing-pay-now = Pay now
billing-no-payments = No payments yet.
billing-payment-pending = In progress
billing-payment-requires-action = Waits for the bank
billing-payment-succeeded = Paid
billing-payment-refunded = Returned
billing-payment-failed = Failed
billing-payment-declined = Failed: declined
billing-payment-insufficient-funds = Failed: not enough money
billing-payment-authentication-failed = Failed: the bank could not confirm it
billing-payment-cancelled = Failed: canceled
billing-payment-expired = Failed: expired
billing-payment-no-gateway = Failed: no provider available
billing-payment-wrong-amount = Failed: wrong amount

page-coupons = Coupons · Kinelog
about-coupons =
    .content = Coupons for your training plans on Kinelog.
coupons-title = Coupons
coupons-subtitle = A code that takes something off the price of your plans. Payments that have used one keep their price.
coupons-back = ← Your plans as a trainer
coupons-own = Your coupons
coupons-none = You have no coupons yet. Create one below.
coupons-active = Active
coupons-used-up = Used up
coupons-expired = Expired
coupons-ended = Ended
coupons-off = { $reduction } off
coupons-percent-off = { $percent } %
coupons-once = the first payment
coupons-repeating = { $periods ->
        [one] the first payment
       *[other] the first { $periods } payments
    }
coupons-forever = every payment
coupons-all-plans = All plans
coupons-a-plan = another plan
coupons-uses = Used { $uses ->
        [one] once
       *[other] { $uses } times
    }
coupons-uses-of = Used { $uses } of { $limit } { $limit ->
        [one] time
       *[other] times
    }
coupons-until = until { $day }
coupons-end = End
coupons-end-of = End { $code }
coupons-end-question = Nobody can use { $code } from then on. This cannot be undone.
coupons-end-yes = End it
coupons-end-no = Keep it
coupons-has-ended = { $code } has ended.
coupons-new = New coupon
coupons-code = Code
coupons-code-hint = 3 to 40 letters, digits and hyphens, such as SUMMER-25
coupons-code-wrong = Use 3 to 40 letters, digits and hyphens.
coupons-kind = Discount
coupons-percent = Percentage
coupons-amount = Fixed amount
coupons-value-percent = Percent
coupons-value-amount = Amount
coupons-currency = Currency
coupons-percent-wrong = A percentage above 0 and below 100, with at most two decimals.
coupons-amount-wrong = An amount above 0, with at most { $digits } decimals.
coupons-duration = Applies to
coupons-choose-once = The first payment
coupons-choose-repeating = The first payments
coupons-choose-forever = Every payment
coupons-periods = Number of payments
coupons-limit = Total uses
coupons-limit-hint = Leave it empty for no limit.
coupons-each = Uses per person
coupons-expires = Last day
coupons-expires-hint = Leave it empty if it does not expire.
coupons-plans = Plans
coupons-plans-wrong = Choose at least one plan.
coupons-plans-all = Choose none to reduce the price of every plan of the organization.
coupons-no-plans = Publish a plan with a price first.
coupons-create = Create the coupon
coupons-created = { $code } can be used now.
coupons-not-trainer = Only trainers and administrators have coupons.

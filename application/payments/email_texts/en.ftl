# Texts of the e-mails about enrollments, payments and subscriptions: subject, and the parts of the message.

enrolled = You are enrolled in { $plan }
    .body = You are enrolled in { $plan }. Your first workout is due on { $date }.
    .action = Open the plan
    .footer = You can leave the plan on its page at any time.

paid = Payment received for { $plan }
    .body = We have received { $amount } for { $plan }. Its workouts are open to you now.
    .action = Open the plan and its workouts
    .footer = Your subscriptions, payments and invoices are on the billing page.

payment-failed = Your payment for { $plan } failed
    .body = Your payment of { $amount } for { $plan } did not succeed, and no money was taken. You can choose the plan again and pay with another method.
    .action = Try again
    .footer = If you no longer want the plan, you do not need to do anything.

wrong-amount = Your payment for { $plan } did not match its price
    .body = What was charged for { $plan } is not its price of { $amount }, so we are returning it to your payment method. You can choose the plan again.
    .action = Try again
    .footer = If you no longer want the plan, you do not need to do anything.

bank-wants-user = Please confirm your payment for { $plan }
    .body = Your bank asks you to confirm the payment of { $amount } for { $plan }.
    .action = Confirm the payment
    .footer = Your access stays open in the meantime.

bank-wants-user-in-time = Please confirm your payment for { $plan }
    .body = Your bank asks you to confirm the payment of { $amount } for { $plan }.
    .action = Confirm the payment
    .footer = Please confirm it within a day: if it is not paid, your access ends with the paid period.

bank-wants-user-after-trial = Please confirm your payment for { $plan }
    .body = Your bank asks you to confirm the payment of { $amount } for { $plan }.
    .action = Confirm the payment
    .footer = Please confirm it within a day: if it is not paid, your subscription ends.

bank-wants-user-to-resume = Please confirm your payment for { $plan }
    .body = Your bank asks you to confirm the payment of { $amount } for { $plan }.
    .action = Confirm the payment
    .footer = Your subscription is paused. Its workouts open once the payment is confirmed.

renewal-announced = { $plan } will be renewed soon
    .body = Your subscription to { $plan } renews on { $date }. We will charge { $amount } to your stored payment method the day before.
    .action = See or cancel the subscription
    .footer = If you want to go on, you do not need to do anything.

renewal-by-hand = Please pay to renew { $plan }
    .body = Your subscription to { $plan } is due for renewal. Please pay { $amount } to go on; we do not charge you automatically.
    .action = Pay now
    .footer = If you do not want to go on, cancel the subscription on the billing page.

past-due = The renewal of { $plan } failed
    .body = We could not renew your subscription to { $plan }: { $amount } was not paid. We will try again on { $date }. Please make sure that your payment method can be charged by then.
    .action = See the subscription
    .footer = Your access stays open in the meantime. If you cancel, we stop trying.

past-due-by-hand = The renewal of { $plan } failed
    .body = Your subscription to { $plan } was not renewed: { $amount } was not paid. You can pay again from { $date }; we do not charge you automatically.
    .action = See the subscription
    .footer = Your access stays open in the meantime. If you do not want to go on, cancel the subscription on the billing page.

past-due-until-date = The renewal of { $plan } failed
    .body = Your subscription to { $plan } was not renewed: { $amount } was not paid. You have access until { $date }. After that, you can start a new subscription.
    .action = See the subscription
    .footer = If you no longer want the plan, you do not need to do anything.

resume-by-hand = Please pay to continue { $plan }
    .body = Your pause of { $plan } is over. To continue, please pay { $amount }; we do not charge you automatically.
    .action = Pay now
    .footer = Its workouts stay closed until it is paid. If you do not want to go on, cancel the subscription on the billing page.

resume-trial-by-hand = Please pay to continue { $plan }
    .body = Your pause of { $plan } is over. To continue, please pay { $amount }; we do not charge you automatically.
    .action = Pay now
    .footer = Please pay within a day: if it is not paid, your subscription ends. Its workouts stay closed until it is paid.

resume-past-due = The payment after your pause of { $plan } failed
    .body = Your pause of { $plan } is over, but { $amount } was not paid. We will try again on { $date }. If you do not want to wait, pay on the billing page.
    .action = See the subscription
    .footer = Its workouts stay closed until it is paid. If you cancel, we stop trying.

resume-past-due-by-hand = The payment after your pause of { $plan } failed
    .body = Your pause of { $plan } is over, but { $amount } was not paid. You can pay it on the billing page now; we do not charge you automatically.
    .action = See the subscription
    .footer = Its workouts stay closed until it is paid. If you do not want to go on, cancel the subscription on the billing page.

trial-unpaid = Your payment for { $plan } failed
    .body = Your payment of { $amount } for { $plan } did not succeed, and no money was taken. Your trial goes on until { $date }. To go on after it, pay on the billing page before then, or choose the plan again when the trial is over.
    .action = See the subscription
    .footer = If you no longer want the plan, you do not need to do anything.

plan-change-scheduled = Your plan changes to { $plan }
    .body = Your subscription changes to { $plan } on { $date }. Until then you keep the plan that you have paid for. From then on it costs { $amount } { period }. The change itself costs nothing.
    .action = See or take back the change
    .footer = If you agree, you do not need to do anything.

plan-change-failed = The payment for your change to { $plan } failed
    .body = Your payment of { $amount } for the change to { $plan } did not succeed, and no money was taken. You keep your present plan.
    .action = See the subscription
    .footer = You can change the plan again on the billing page, also with another payment method.

plan-change-wrong-amount = Your payment for the change to { $plan } did not match its price
    .body = What was charged for the change to { $plan } is not the { $amount } that was due, so we are returning it to your payment method. You keep your present plan.
    .action = See the subscription
    .footer = You can change the plan again on the billing page.

plan-paid-ahead = Payment received for { $plan }
    .body = We have received { $amount } for { $plan }. It follows your present plan on { $date }.
    .action = See the subscription
    .footer = Your subscriptions, payments and invoices are on the billing page.

pause-scheduled = Your subscription to { $plan } will be paused
    .body = Your subscription to { $plan } pauses at the end of its current period, until { $date }. Before that day nothing is charged, and its workouts are closed while it is paused.
    .action = See or change the pause
    .footer = If you wanted to pause, you do not need to do anything.

resume-announced = Your pause of { $plan } ends soon
    .body = Your subscription to { $plan } continues on { $date }. We will charge { $amount } to your stored payment method on that day.
    .action = See or cancel the subscription
    .footer = If you want to go on, you do not need to do anything.

trial-ending = Your trial of { $plan } ends soon
    .body = Your trial of { $plan } ends on { $date }. We will charge { $amount } to your stored payment method on that day. If you cancel before, it costs nothing.
    .action = See or cancel the subscription
    .footer = If you want to go on, you do not need to do anything.

trial-ending-by-hand = Your trial of { $plan } ends soon
    .body = Your trial of { $plan } ends on { $date }. To go on after it, please pay { $amount } by then; we do not charge you automatically.
    .action = Pay now
    .footer = If you do not want to go on, you do not need to do anything.

cancelled = Your subscription to { $plan } is canceled
    .body = Your subscription to { $plan } will not be renewed. You have access until { $date }.
    .action = Resume the subscription
    .footer = If you wanted to cancel, you do not need to do anything.

ends-after-refund = Your subscription to { $plan } ends on { $date }
    .body = The payment for your next period of { $plan } was returned, so your subscription ends on { $date }. You have access until then. After that, you can start a new subscription.
    .action = See the subscription
    .footer = You do not need to do anything.

ends-without-trainer = Your subscription to { $plan } ends on { $date }
    .body = The trainer of { $plan } has left, so the plan is no longer offered, and your subscription ends on { $date }.
    .action = See the subscription
    .footer = You do not need to do anything. No further payments will be taken for it.

ends-while-suspended = Your subscription to { $plan } ends on { $date }
    .body = Your account is suspended, so your subscription to { $plan } will not be renewed. It ends on { $date }. If an administrator reactivates your account before then, you can resume the subscription.
    .action = See the subscription
    .footer = No further payments will be taken for it.

ended = Your subscription to { $plan } has ended
    .body = Your subscription to { $plan } has ended, and its workouts are closed. What you have trained stays yours.
    .action = Choose the plan again
    .footer = No further payments will be taken for it.

ended-unpaid = Your subscription to { $plan } has ended
    .body = Your subscription to { $plan } has ended because its last payment did not succeed. Its workouts are closed. What you have trained stays yours.
    .action = Choose the plan again
    .footer = No further payments will be taken for it.

ended-not-offered = Your subscription to { $plan } has ended
    .body = Your subscription to { $plan } has ended, and its workouts are closed. The plan is no longer offered. What you have trained stays yours.
    .action = Find another plan
    .footer = No further payments will be taken for it.

refunded = We have returned your payment
    .body = We have returned { $amount } for { $plan } to your payment method. It can take your bank some days to show it.
    .action = See my payments
    .footer = If you have questions, reply to this message.

refunded-and-ended = We have returned your payment
    .body = We have returned { $amount } for { $plan } to your payment method. It can take your bank some days to show it. Your subscription has ended, and its workouts are closed. What you have trained stays yours.
    .action = See my payments
    .footer = If you have questions, reply to this message.

partly-refunded = We have returned a part of your payment
    .body = We have returned { $amount } of your payment for { $plan }. Your access stays as it is.
    .action = See my payments
    .footer = If you have questions, reply to this message.

your-plan = your plan

period =
    { $months ->
        [1] a month
        [12] a year
       *[other] every { $months } months
    }
